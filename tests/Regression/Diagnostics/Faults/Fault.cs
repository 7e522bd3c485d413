using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Diagnostics.Faults;

/// <summary>A fault of a published trainer, as it is let into a real training below the record.</summary>
/// <param name="Name">Short name, with the number it has in docs/diagnosis.md where it has one.</param>
/// <param name="Causes">Theories any of which names it rightly, by id; empty for a healthy run.</param>
public sealed record Fault(string Name, params string[] Causes)
{
    /// <summary>Knobs that let it in.</summary>
    public IReadOnlyList<string> Knobs { get; init; } = [];

    /// <summary>What happens below the record; made anew for every run. Null: nothing.</summary>
    internal Func<FaultPoints>? Points { get; init; }

    /// <summary>Changes the corpus, given its folder. Null: it stays.</summary>
    public Action<string>? Corpus { get; init; }

    /// <summary>Step after which the run is stopped and resumed; null: it runs through.</summary>
    public long? ResumedAfter { get; init; }

    /// <summary>Whether the run ends in an exception.</summary>
    public bool Ends { get; init; }

    /// <summary>Whether an invariant can see it before or in the first step, so that one step must be enough.</summary>
    public bool SeenInFirstStep { get; init; }

    /// <summary>Whether tools/diagnosis-proof alone has it: another fault of the suite asks the same theory, or it takes long.</summary>
    public bool InProofAlone { get; init; }

    /// <summary>Both faults in one run.</summary>
    public Fault And(Fault other) =>
        new($"{Name} + {other.Name}", [.. Causes, .. other.Causes])
        {
            Knobs = [.. Knobs, .. other.Knobs],
            Points = Points ?? other.Points,
            Corpus = folder =>
            {
                Corpus?.Invoke(folder);
                other.Corpus?.Invoke(folder);
            },
            ResumedAfter = ResumedAfter ?? other.ResumedAfter,
        };

    public override string ToString() => Name;
}
