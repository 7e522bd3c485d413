using System.Reflection;
using SpeechGan.Configuration;
using SpeechGan.Models;
using SpeechGan.Tests.Unit.Training;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>Names, shapes, counts and initial values of the networks.</summary>
[RequiresTensorEngine]
internal sealed class StructureTests
{
    private static readonly Networks Full = new(new RunConfig());

    [OneTimeTearDown]
    public void Free() => Full.Dispose();

    [TestCase("g")]
    [TestCase("d")]
    public void State_dict_has_the_reference_s_keys_shapes_types_and_order_of_parameters(string model)
    {
        nn.Module module = model == "g" ? Full.Generator : Full.Discriminator!;
        var manifest = ReferenceFill.Manifest.GetProperty(model);
        var expected = manifest
            .GetProperty("tensors")
            .EnumerateArray()
            .Select(t =>
                $"{t.GetProperty("key").GetString()} "
                + $"[{string.Join(", ", t.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()))}] "
                + $"{t.GetProperty("dtype").GetString()}"
            );
        StateDict
            .Of(module)
            .Select(t => $"{t.Key} [{string.Join(", ", t.Value.Shape.ToArray())}] {t.Value.Type}")
            .Should()
            .BeEquivalentTo(expected);
        module
            .named_parameters()
            .Select(p => p.name)
            .Should()
            .BeEquivalentTo(manifest.GetProperty("parameter_order").EnumerateArray().Select(e => e.GetString()));
    }

    [Test]
    public void Parameters_count_as_published()
    {
        Count(Full.Generator).Should().Be(1_834_833);
        Count(Full.Discriminator!).Should().Be(181_650);
        var parts = Full
            .Generator.named_parameters()
            .GroupBy(p => p.name.Split('.')[0])
            .ToDictionary(g => g.Key, g => g.Sum(p => p.parameter.NumberOfElements));
        parts
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, long>
                {
                    ["dense_encoder"] = 259_776,
                    ["TSCB_1"] = 257_824,
                    ["TSCB_2"] = 257_824,
                    ["TSCB_3"] = 257_824,
                    ["TSCB_4"] = 257_824,
                    ["mask_decoder"] = 271_823,
                    ["complex_decoder"] = 271_938,
                }
            );
        Full.Generator.parameters().Should().HaveCount(335);
        Full.Discriminator!.parameters().Should().HaveCount(22);
        Full.Generator.buffers().Sum(b => b.NumberOfElements).Should().Be(2056);
        Full.Discriminator.buffers().Sum(b => b.NumberOfElements).Should().Be(2321);
    }

    [Test]
    public void A_small_model_counts_as_the_reference_s()
    {
        using var generator = new SpeechGan.Models.Generator(channels: 8);
        using var discriminator = new MetricDiscriminator(features: 4);
        Count(generator).Should().Be(48_993);
        Count(discriminator).Should().Be(11_622);
    }

    [Test]
    public void Initial_values_are_libtorch_s_defaults()
    {
        using var scope = NewDisposeScope();
        var state = Full.Generator.state_dict().Concat(Full.Discriminator!.state_dict()).ToList();
        var modules = new Dictionary<string, Tensor>(state);
        foreach (var (name, t) in modules)
        {
            if (t.dtype != float32)
                continue;
            var values = t.detach().contiguous().data<float>().ToArray();
            if (name.EndsWith("weight_u", StringComparison.Ordinal) || name.EndsWith("weight_v", StringComparison.Ordinal))
                Math.Sqrt(values.Sum(v => (double)v * v)).Should().BeApproximately(1, 1e-6, name);
            else if (name.EndsWith("rel_pos_emb.weight", StringComparison.Ordinal))
                // 16 400 standard normal values: four standard errors.
                Math.Sqrt(values.Average(v => (double)v * v)).Should().BeApproximately(1, 0.025, name);
            else if (t.ndim > 1)
                Uniform(values, 1 / Math.Sqrt(t.NumberOfElements / t.shape[0]), name);
            else if (name == "mask_decoder.prelu_out.weight")
                values.Should().OnlyContain(v => v == -0.25f, name);
            else if (name.Contains("slope", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal))
                values.Should().OnlyContain(v => v == 1, name);
            else if (name.EndsWith("running_mean", StringComparison.Ordinal))
                values.Should().OnlyContain(v => v == 0, name);
            else if (name.EndsWith(".bias", StringComparison.Ordinal) && Fan(modules, name) is { } fan)
                values.Should().OnlyContain(v => Math.Abs(v) <= 1 / Math.Sqrt(fan), name);
            else if (name.EndsWith(".bias", StringComparison.Ordinal))
                values.Should().OnlyContain(v => v == 0, $"{name} is a normalisation's");
            else
                values.Should().OnlyContain(v => v == 1 || v == 0.25f, $"{name} is a normalisation's weight or a slope");
        }
    }

    /// <summary>
    /// TorchSharp's `to` disposes the tensors of a module and sets the new ones in the field or property of the registered name: a
    /// module that keeps its tensor elsewhere would go on with a dead one.
    /// </summary>
    [Test]
    public void Every_module_of_ours_keeps_its_tensors_in_fields_of_their_registered_names()
    {
        var all = new nn.Module[] { Full.Generator, Full.Discriminator! }
            .SelectMany(m => m.modules().Prepend(m))
            .ToList();
        all.Should().HaveCountGreaterThan(200);
        foreach (var module in all.Where(m => m.GetType().Assembly == typeof(Networks).Assembly))
        foreach (
            var (name, tensor) in module
                .named_parameters(recurse: false)
                .Select(p => (p.name, (Tensor)p.parameter))
                .Concat(module.named_buffers(recurse: false))
        )
            Fields(module.GetType())
                .Where(f => f.Name == name)
                .Select(f => f.GetValue(module))
                .Should()
                .ContainSingle($"{module.GetType().Name}.{name}")
                .Which.Should()
                .BeSameAs(tensor);
        foreach (var module in all.Where(m => m.GetType().Assembly == typeof(Networks).Assembly))
            Fields(module.GetType())
                .Where(f => typeof(Tensor).IsAssignableFrom(f.FieldType))
                .Select(f => f.Name)
                .Where(n => n[0] != '<')
                .Should()
                .BeSubsetOf(
                    module
                        .named_parameters(recurse: false)
                        .Select(p => p.name)
                        .Concat(module.named_buffers(recurse: false).Select(b => b.name)),
                    module.GetType().Name
                );
    }

    [Test]
    public void Networks_live_on_when_the_scope_they_were_made_in_ends()
    {
        Networks networks;
        using (NewDisposeScope())
            networks = new Networks(Presets.Find("tiny"));
        networks.Generator.parameters().Should().OnlyContain(p => !p.IsInvalid);
        networks.Discriminator!.buffers().Should().OnlyContain(b => !b.IsInvalid);
        networks.Dispose();
    }

    [Test]
    public void The_seed_decides_the_initial_values()
    {
        using Networks one = new(Presets.Find("tiny")),
            same = new(Presets.Find("tiny")),
            other = new(Presets.Find("tiny") with { Seed = 2 });
        CheckpointParts.Digest(same).Should().Be(CheckpointParts.Digest(one));
        CheckpointParts.Digest(other).Should().NotBe(CheckpointParts.Digest(one));
    }

    private static long Count(nn.Module module) => module.parameters().Sum(p => p.NumberOfElements);

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
            foreach (var f in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return f;
    }

    /// <summary>Fan in of the weight beside a bias, where it is a convolution's or a linear layer's.</summary>
    private static long? Fan(Dictionary<string, Tensor> state, string bias)
    {
        var stem = bias[..^"bias".Length];
        var weight = state.GetValueOrDefault(stem + "weight_orig") ?? state.GetValueOrDefault(stem + "weight");
        return weight is { ndim: > 1 } ? weight.NumberOfElements / weight.shape[0] : null;
    }

    private static void Uniform(float[] values, double bound, string name)
    {
        values.Should().OnlyContain(v => Math.Abs(v) <= bound * (1 + 1e-6), name);
        if (values.Length >= 1000)
            // Standard deviation of a uniform variable, within six standard errors.
            Math.Sqrt(values.Average(v => (double)v * v))
                .Should()
                .BeApproximately(bound / Math.Sqrt(3), bound * 6 * 0.26 / Math.Sqrt(values.Length), name);
    }
}
