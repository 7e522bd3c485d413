using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics;

/// <summary>The trainings of this room's fixtures: two that ask for the same one share it, since equal configurations give equal
/// bits.</summary>
[SetUpFixture]
internal sealed class SharedTrainings
{
    private static readonly Dictionary<(Fault? Fault, string Config), FaultVerdict> Verdicts = [];

    /// <summary>Where they are made.</summary>
    internal static FaultRun Runs { get; private set; } = null!;

    [OneTimeSetUp]
    public void Make() => Runs = new FaultRun();

    [OneTimeTearDown]
    public void Remove()
    {
        Verdicts.Clear();
        Runs.Dispose();
    }

    /// <summary>What the diagnosis says of a training, made where no test before has made it.</summary>
    internal static FaultVerdict Of(Fault fault, long seed, params string[] knobs)
    {
        // What lies in knobs alone is all in the configuration; what else a fault does is its own.
        var ofKnobsAlone = fault is { Points: null, Corpus: null, ResumedAfter: null, Ends: false };
        var key = (ofKnobsAlone ? null : fault, JsonSerializer.Serialize(Runs.Config(fault, seed, knobs), RunJson.Document));
        if (!Verdicts.TryGetValue(key, out var verdict))
            Verdicts[key] = verdict = FaultVerdict.Of(Runs, fault, seed, knobs);
        return verdict with { Fault = fault };
    }
}
