using SpeechGan.Runs;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>Weights that do not fit are refused with a sentence, and nothing is changed.</summary>
[RequiresTensorEngine]
internal sealed class StateDictTests
{
    private nn.Module net = null!;
    private Dictionary<string, TensorEntry> own = null!;

    [SetUp]
    public void Make()
    {
        net = nn.Sequential(("a", nn.Linear(3, 2)), ("b", nn.BatchNorm1d(2)));
        own = new Dictionary<string, TensorEntry>(StateDict.Of(net));
    }

    [TearDown]
    public void Free() => net.Dispose();

    [Test]
    public void What_was_taken_out_goes_back_in_in_another_number_type_too()
    {
        using var twin = nn.Sequential(("a", nn.Linear(3, 2)), ("b", nn.BatchNorm1d(2)));
        twin.to(float64);
        StateDict.Load(twin, own, "net");
        twin.state_dict()["a.weight"].dtype.Should().Be(float64);
        twin.to(float32);
        foreach (var (name, entry) in StateDict.Of(twin))
            entry.Bytes.ToArray().Should().Equal(own[name].Bytes.ToArray(), name);
    }

    [Test]
    public void A_missing_an_unknown_and_a_misshaped_tensor_are_each_named()
    {
        Refused(
            e => e.Remove("a.bias"),
            "'file.x' does not fit this network: 1 are missing (first: a.bias). Use a checkpoint of the same sizes*"
        );
        Refused(e => e["c.weight"] = e["a.bias"], "*1 are unknown here (first: c.weight)*");
        Refused(
            e => e["a.weight"] = new TensorEntry(TensorType.F32, [3, 2], e["a.weight"].Bytes),
            "*1 tensors have another shape (first: a.weight is [3, 2] there and [2, 3] here)*"
        );
    }

    private void Refused(Action<Dictionary<string, TensorEntry>> spoil, string sentence)
    {
        var entries = own.ToDictionary(e => e.Key, e => new TensorEntry(e.Value.Type, e.Value.Shape, new byte[e.Value.Bytes.Length]));
        spoil(entries);
        FluentActions
            .Invoking(() => StateDict.Load(net, entries, "file.x"))
            .Should()
            .Throw<StateDictException>()
            .WithMessage(sentence)
            .Which.Path.Should()
            .Be("file.x");
        foreach (var (name, entry) in StateDict.Of(net))
            entry.Bytes.ToArray().Should().Equal(own[name].Bytes.ToArray(), $"{name} is unchanged");
    }
}
