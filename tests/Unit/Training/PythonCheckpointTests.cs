using System.IO.Compression;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;
using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>State dicts as Python saves them are read by name, and nothing that is pickled is run.</summary>
[RequiresTensorEngine]
internal sealed class PythonCheckpointTests
{
    private static readonly float[] Six = [1, 2, 3, 4, 5, 6];
    private string folder = "";

    [SetUp]
    public void Make() => folder = Scratch.Create("pickle-");

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestCase("")]
    [TestCase("state_dict")]
    [TestCase("model")]
    [TestCase("generator")]
    [TestCase("model/state_dict")]
    public void A_state_dict_is_found_where_trainers_nest_it(string nest)
    {
        void Weights(PickleFile f) => f.Text("module._orig_mod.a.weight").Tensor(Six, 2, 3).Text("module.a.bias").Tensor([7], 1);
        var file = new PickleFile();
        void Nested(PickleFile f, Queue<string> words)
        {
            if (words.TryDequeue(out var word))
                f.Dictionary(g => Nested(g.Text("epoch").Number(3).Text(word), words));
            else
                f.Dictionary(Weights);
        }

        Nested(file, new Queue<string>(nest.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        var read = Load(file.Bytes());
        read.Keys.Should().BeEquivalentTo("a.weight", "a.bias");
        read["a.weight"].ToSingles().Should().Equal(Six);
        read["a.weight"].Shape.ToArray().Should().Equal(2, 3);
    }

    [Test]
    public void Of_several_networks_the_generator_is_taken()
    {
        Load(
            new PickleFile()
                .Dictionary(f =>
                    f.Text("discriminator")
                        .Dictionary(d => d.Text("b").Tensor([1], 1))
                        .Text("generator")
                        .Dictionary(g => g.Text("a").Tensor(Six, 6))
                )
                .Bytes()
        )
            .Keys.Should()
            .Equal("a");
        Load(new PickleFile().Dictionary(f => f.Text("generator.a").Tensor(Six, 6).Text("discriminator.b").Tensor([1], 1)).Bytes())
            .Keys.Should()
            .Equal("a");
    }

    [Test]
    public void Prefixes_of_wrappers_are_taken_off_safetensors_too() =>
        Load(
            SpeechGan.Runs.Safetensors.Write(new Dictionary<string, TensorEntry> { ["_orig_mod.module.a"] = TensorEntry.Of(Six, 6) }),
            "x.safetensors"
        )
            .Keys.Should()
            .Equal("a");

    [Test]
    public void A_number_is_a_number_again() =>
        Load(new PickleFile().Dictionary(f => f.Text("a.num_batches_tracked").Tensor([3])).Bytes())["a.num_batches_tracked"]
            .Shape.Length.Should()
            .Be(0);

    [TestCase("os", "system", "touch")]
    [TestCase("builtins", "eval", "1")]
    [TestCase("subprocess", "Popen", "touch")]
    public void A_function_that_is_pickled_is_refused_and_not_run(string module, string name, string argument)
    {
        var trace = Path.Combine(folder, "ran");
        Refusal(new PickleFile().Dictionary(f => f.Text("a").Global(module, name).Op("(").Text($"{argument} {trace}").Op("tR")).Bytes())
            .Should()
            .Match(
                "'*x.pt' is not a state dict that can be read (*). Nothing pickled in it is run: a whole model, or any class "
                    + "or function, is refused. Save it again with torch.save(model.state_dict(), FILE)."
            );
        File.Exists(trace).Should().BeFalse();
    }

    [Test]
    public void A_whole_model_is_refused() =>
        Refusal(
                new PickleFile()
                    .Global("train", "TSCNet")
                    .Op(")\u0081")
                    .Dictionary(f => f.Text("_parameters").Dictionary(_ => { }))
                    .Op("b")
                    .Bytes()
            )
            .Should()
            .Contain("Nothing pickled in it is run");

    [Test]
    public void What_holds_no_tensor_says_what_it_holds() =>
        Refusal(new PickleFile().Dictionary(f => f.Text("epoch").Number(3).Text("step").Number(4)).Bytes())
            .Should()
            .EndWith(
                "neither by itself nor under generator, state_dict, model; it has epoch, step. Save the generator with "
                    + "torch.save(model.state_dict(), FILE)."
            );

    [Test]
    public void A_view_is_refused_rather_than_read_in_the_wrong_order()
    {
        const string sentence =
            "' holds a tensor that is a transposed view or a part of another one; whole tensors were expected. Save "
            + "copies: torch.save({k: v.clone().contiguous() for k, v in model.state_dict().items()}, FILE).";
        Refusal(new PickleFile().Dictionary(f => f.Text("t").View(Six, 0, [2, 3], [1, 2])).Bytes()).Should().EndWith(sentence);
        Refusal(new PickleFile().Dictionary(f => f.Text("o").View(Six, 2, [2], [1])).Bytes()).Should().EndWith(sentence);
    }

    [Test]
    public void A_storage_that_is_too_short_is_refused() =>
        Refusal(new PickleFile().Dictionary(f => f.Text("a").View(Six, 0, [2, 4], [4, 1])).Bytes()).Should().Contain("x.pt");

    [Test]
    public void A_compressed_entry_is_refused() =>
        Refusal(new PickleFile().Dictionary(f => f.Text("a").Tensor(new float[4096], 4096)).Bytes(CompressionLevel.SmallestSize))
            .Should()
            .Contain("has a compressed entry, archive/");

    [Test]
    public void A_bit_that_is_flipped_in_an_entry_is_found_and_the_entry_named([Values("data/0", "data.pkl", "version")] string entry)
    {
        var bytes = new PickleFile().Dictionary(f => f.Text("a").Tensor(Six, 2, 3)).Bytes();
        var content = entry switch
        {
            "data/0" => BitConverter.GetBytes(5f),
            "data.pkl" => "storage"u8.ToArray(),
            _ => "3\n"u8.ToArray(),
        };
        bytes[bytes.AsSpan().LastIndexOf(content)] ^= 1;
        Refusal(bytes)
            .Should()
            .MatchRegex(
                $"^'.*x\\.pt' is damaged: the CRC-32 of its entry archive/{entry} is [0-9a-f]{{8}}, and the file says [0-9a-f]{{8}}\\. "
                    + "Copy or download it again, or save it again with torch\\.save"
            );
    }

    [Test]
    public void A_file_that_was_saved_without_checksums_is_read()
    {
        var bytes = new PickleFile().Dictionary(f => f.Text("a").Tensor(Six, 2, 3)).Bytes();
        // Central directory: signature, then the CRC-32 at byte 16.
        for (var at = 0; at < bytes.Length - 20; at++)
            if (bytes.AsSpan(at, 4).SequenceEqual("PK\u0001\u0002"u8))
                bytes.AsSpan(at + 16, 4).Clear();
        Load(bytes)["a"].ToSingles().Should().Equal(Six);
    }

    [Test]
    public void A_file_before_the_zip_format_is_refused() =>
        Refusal([0x80, 2, 0x8a, 10]).Should().Contain("is not in PyTorch's zip format");

    [Test]
    public void Another_zip_is_refused()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("a.txt");
        // Without a first entry's signature it would be no zip at all.
        Refusal(file.ToArray()).Should().Contain("is a zip file without data.pkl");
    }

    [Test]
    public void A_tensor_that_comes_twice_is_refused() =>
        Refusal(new PickleFile().Dictionary(f => f.Text("a").Tensor([1], 1).Text("module.a").Tensor([2], 1)).Bytes())
            .Should()
            .Contain("has the tensor a twice once the prefixes module. and _orig_mod. are taken off");

    [Test]
    public void A_damaged_file_is_refused_in_a_sentence_or_read([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var whole = new PickleFile().Dictionary(f => f.Text("a").Tensor(Six, 2, 3).Text("b").Tensor([7], 1)).Bytes();
        for (var i = 0; i < 250; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                Load(bytes);
            }
            catch (Exception e) when (e is StateDictException or SafetensorsException)
            {
                e.Message.Should().Contain("x.pt");
            }
        }
    }

    [Test]
    public void The_golden_generator_as_Python_saves_it_is_the_same_generator_tensor_by_tensor()
    {
        using var ours = GeneratorSource.Open(Golden);
        using var theirs = GeneratorSource.Open(Saved(SpeechGan.Runs.Safetensors.Load(Golden).Tensors));
        theirs.Config.Model.Should().Be(ours.Config.Model);
        var there = StateDict.Of(theirs.Networks.Generator);
        foreach (var (name, entry) in StateDict.Of(ours.Networks.Generator))
            there[name].Bytes.ToArray().Should().Equal(entry.Bytes.ToArray(), name);
    }

    [Test]
    public void A_weight_that_is_not_finite_is_named()
    {
        var tensors = new Dictionary<string, TensorEntry>(SpeechGan.Runs.Safetensors.Load(Golden).Tensors);
        var broken = tensors["dense_encoder.conv_1.0.weight"];
        var values = broken.ToSingles();
        values[1] = float.NaN;
        values[2] = float.PositiveInfinity;
        tensors["dense_encoder.conv_1.0.weight"] = TensorEntry.Of(values, broken.Shape);
        var path = Saved(tensors);
        FluentActions
            .Invoking(() => GeneratorSource.Open(path))
            .Should()
            .Throw<StateDictException>()
            .WithMessage(
                $"'{path}' has 1 tensor with values that are not finite: dense_encoder.conv_1.0.weight (2 of {values.Length}). "
                    + $"Training had "
                    + $"failed before it was saved: take an earlier checkpoint."
            );
    }

    [Test]
    public void Missing_and_unexpected_tensors_are_named()
    {
        var tensors = new Dictionary<string, TensorEntry>(SpeechGan.Runs.Safetensors.Load(Golden).Tensors);
        tensors.Remove("dense_encoder.conv_1.0.bias", out var bias);
        tensors["dense_encoder.conv_1.0.offset"] = bias!;
        var path = Saved(tensors);
        FluentActions
            .Invoking(() => GeneratorSource.Open(path))
            .Should()
            .Throw<StateDictException>()
            .WithMessage(
                $"'{path}' does not fit this network: 1 are missing (first: dense_encoder.conv_1.0.bias); 1 are unknown here "
                    + $"(first: dense_encoder.conv_1.0.offset). *"
            );
    }

    private static string Golden => Repository.PathOf("golden", "networks", "generator.safetensors");

    // As a trainer of several GPUs saves it. Whole numbers are written as floats too: their type is converted.
    private string Saved(IReadOnlyDictionary<string, TensorEntry> tensors)
    {
        var file = new PickleFile().Dictionary(f =>
            f.Text("epoch")
                .Number(7)
                .Text("state_dict")
                .Dictionary(g =>
                {
                    foreach (var (name, entry) in tensors)
                        g.Text("module." + name)
                            .Tensor(
                                entry.Type == TensorType.F32 ? entry.ToSingles() : [.. entry.ToInt64s().Select(n => (float)n)],
                                [.. entry.Shape.ToArray().Select(n => (int)n)]
                            );
                })
        );
        var path = Path.Combine(folder, "x.pt");
        File.WriteAllBytes(path, file.Bytes());
        return path;
    }

    private IReadOnlyDictionary<string, TensorEntry> Load(byte[] bytes, string name = "x.pt")
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return PythonCheckpoint.Load(path);
    }

    private string Refusal(byte[] bytes) => FluentActions.Invoking(() => Load(bytes)).Should().Throw<StateDictException>().Which.Message;
}
