using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class SafetensorsTests
{
    private static readonly Dictionary<string, TensorEntry> Sample = new()
    {
        ["slope"] = TensorEntry.Of([1.5f], 1),
        ["layers.0.weight"] = TensorEntry.Of([1f, -2f, float.Epsilon, 4f, 5f, 6f], 2, 3),
        ["num_batches_tracked"] = TensorEntry.Of([long.MaxValue]),
        ["empty"] = TensorEntry.Of(ReadOnlySpan<float>.Empty, 0, 7),
        ["moments"] = TensorEntry.Of([1.0 / 3, -0.0], 2),
    };

    [Test]
    public void Tensors_read_back_to_the_bit()
    {
        var file = Safetensors.Parse(
            Safetensors.Write(Sample, new Dictionary<string, string> { ["format"] = "pt", ["epoch"] = "3" }),
            "memory"
        );

        file.Metadata.Should().Equal(new Dictionary<string, string> { ["epoch"] = "3", ["format"] = "pt" });
        file.Tensors.Keys.Should().BeEquivalentTo(Sample.Keys);
        foreach (var (name, tensor) in Sample)
        {
            var read = file.Tensors[name];
            read.Type.Should().Be(tensor.Type);
            read.Shape.ToArray().Should().Equal(tensor.Shape.ToArray());
            read.Bytes.ToArray().Should().Equal(tensor.Bytes.ToArray());
        }

        file.Tensors["layers.0.weight"].ToSingles().Should().Equal(1f, -2f, float.Epsilon, 4f, 5f, 6f);
        file.Tensors["num_batches_tracked"].ToInt64s().Should().Equal(long.MaxValue);
        file.Tensors["num_batches_tracked"].Shape.Length.Should().Be(0);
        BitConverter.DoubleToInt64Bits(file.Tensors["moments"].ToDoubles()[1]).Should().Be(BitConverter.DoubleToInt64Bits(-0.0));
        FluentActions
            .Invoking(() => file.Tensors["slope"].ToDoubles())
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("The tensor holds F32, not F64.");
    }

    [Test]
    public void Equal_contents_give_equal_bytes_whatever_their_order()
    {
        var reversed = Sample.Reverse().ToDictionary();
        Safetensors.Write(reversed).Should().Equal(Safetensors.Write(Sample));
    }

    [Test]
    public void Data_starts_aligned_and_the_header_is_the_formats()
    {
        var bytes = Safetensors.Write(new Dictionary<string, TensorEntry> { ["a"] = TensorEntry.Of([1f], 1) });

        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        (length % 8).Should().Be(0);
        Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' ').Should().Be("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        bytes.AsSpan(8 + length).ToArray().Should().Equal(0, 0, 0x80, 0x3f);
    }

    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        6,
        "tensor 'b' starts at byte 2 and overlaps tensor 'a', which ends at 4; every byte belongs to one tensor."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        12,
        "tensor 'b' starts at byte 8 and leaves a gap after tensor 'a', which ends at 4; every byte belongs to one tensor."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        9,
        "its tensors end at byte 4 of the data, but 9 bytes are there; 5 were appended."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        3,
        "tensor 'a' ends at byte 4 of the data, but only 3 bytes are there. The file was cut off."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""",
        4,
        "tensor 'a' is F32 [2] = 8 bytes, but its data_offsets span 4."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""",
        4,
        "tensor 'a' is F32 [4611686018427387904, 4] = too many bytes, but its data_offsets span 4."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "the name 'a' is in its header twice."
    )]
    [TestCase(
        """{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "tensor 'a' has dtype \"F8\"; known are BOOL, U8, I32, I64, F16, BF16, F32, F64."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""",
        4,
        "shape of tensor 'a' is [-1]; allowed is a list of whole numbers of at least 0."
    )]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""",
        4,
        "tensor 'a' has data_offsets [4, 0]; allowed are a start and an end after it."
    )]
    [TestCase("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'a' needs exactly the fields dtype, shape, data_offsets.")]
    [TestCase("""{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "a tensor in its header has an empty name.")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "__metadata__ in its header must hold texts by name.")]
    [TestCase("[]", 0, "its header is not a JSON object.")]
    public void Unsound_header_gets_a_sentence(string header, int dataBytes, string sentence)
    {
        Problem(File(header, dataBytes)).Should().Be("weights: " + sentence);
    }

    [Test]
    public void Unsound_length_gets_a_sentence()
    {
        Problem([]).Should().Be("weights: it has 0 bytes; a safetensors file has at least 8. It is empty or was cut off.");
        Problem([9, 0, 0, 0, 0, 0, 0, 0, 1]).Should().Be("weights: its header is said to have 9 bytes, but only 1 follow. It was cut off.");
        Problem([0, 0, 0, 0, 0, 0, 0, 0x80])
            .Should()
            .StartWith("weights: its header is said to have 9223372036854775808 bytes; allowed are at most 100000000.");
        Problem(File("{", 0)).Should().StartWith("weights: its header is not valid JSON: ");
    }

    [Test]
    public void Missing_file_gets_a_sentence()
    {
        FluentActions
            .Invoking(() => Safetensors.Load("/none/weights.safetensors"))
            .Should()
            .Throw<SafetensorsException>()
            .WithMessage("/none/weights.safetensors: it cannot be read: *");
    }

    [Test]
    public void Wrong_bytes_and_names_are_refused_when_writing()
    {
        FluentActions
            .Invoking(() => TensorEntry.Of([1f, 2f], 3))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("F32 [3] takes 12 bytes; 8 were given.*");
        FluentActions
            .Invoking(() => Safetensors.Write(new Dictionary<string, TensorEntry> { ["__metadata__"] = TensorEntry.Of([1f], 1) }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("A tensor cannot be named '__metadata__'.*");
    }

    [Test]
    public void Mutated_files_are_read_or_refused_in_sentences()
    {
        const int seed = 20261123;
        var count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"seed {seed}, {count} files");
        var random = new Random(seed);
        var sound = Safetensors.Write(Sample, new Dictionary<string, string> { ["format"] = "pt" });
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = sound.ToList();
            for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
            {
                var at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Count, 400) : bytes.Count);
                switch (random.Next(5))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes.RemoveRange(at, bytes.Count - at);
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                        break;
                    case 3:
                        bytes[at] = (byte)"0123456789{}[],:\""[random.Next(17)];
                        break;
                    default:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                        break;
                }
            }

            try
            {
                var file = Safetensors.Parse(bytes.ToArray(), "fuzz");
                file.Tensors.Values.Sum(t => (long)t.Bytes.Length).Should().BeLessThanOrEqualTo(bytes.Count);
            }
            catch (SafetensorsException e)
            {
                e.Message.Should().StartWith("fuzz: ");
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{refused} refused");
        refused.Should().BeGreaterThan(count / 2);
    }

    [Test]
    public void Files_of_the_reference_trainer_are_read_whole()
    {
        var folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Training", "reference", "tiny");
        var weights = Safetensors.Load(Path.Combine(folder, "weights_d.safetensors"));
        weights.Tensors.Should().HaveCount(34);
        weights.Tensors["layers.0.weight_orig"].Shape.ToArray().Should().Equal(4, 2, 4, 4);
        Safetensors.Load(Path.Combine(folder, "weights_g.safetensors")).Tensors.Should().HaveCount(359);
        foreach (var path in Directory.EnumerateFiles(folder, "*.safetensors"))
        {
            var file = Safetensors.Load(path);
            var copy = Safetensors.Parse(Safetensors.Write(file.Tensors, file.Metadata), path);
            foreach (var (name, tensor) in file.Tensors)
            {
                copy.Tensors[name].Bytes.Span.SequenceEqual(tensor.Bytes.Span).Should().BeTrue("{0} of {1}", name, path);
            }
        }
    }

    private static byte[] File(string header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(bytes, 8);
        return bytes;
    }

    private static string Problem(byte[] bytes) =>
        FluentActions.Invoking(() => Safetensors.Parse(bytes, "weights")).Should().Throw<SafetensorsException>().Which.Message;
}
