namespace SpeechGan.Goldens;

/// <summary>Where an approved trajectory comes from.</summary>
public sealed record Provenance
{
    /// <summary>Command that made it.</summary>
    public required string Command { get; init; }

    /// <summary>SpeechGan's version, with the commit where it is known.</summary>
    public required string Version { get; init; }

    /// <summary>Day it was made, <c>2026-11-22</c>.</summary>
    public required string Date { get; init; }

    /// <summary>How the host of an imported run begins, which no record tells.</summary>
    public const string ImportedRecord = "imported record";

    /// <summary>Seed of the run; null for an imported run, whose record tells none.</summary>
    public required long? Seed { get; init; }

    /// <summary>Host in words (<see cref="Runs.HostFingerprint.InWords"/>): equal texts promise equal bits.</summary>
    public required string Host { get; init; }

    /// <summary>Corpus it was made on, by name or digest.</summary>
    public required string Corpus { get; init; }
}

/// <summary>An approved trajectory with its provenance and tolerances; <see cref="GoldenText"/> is its text, <see cref="GoldenStore"/> its
/// files.</summary>
public sealed record Golden
{
    /// <summary>Format of its text: the current one, or an older one that it was read from.</summary>
    public int Format { get; init; } = GoldenFormat.Current;

    /// <summary>Name, as the file's.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Whether it pins an imported run: its tolerances then hold wherever a run comes from.</summary>
    public bool IsImported => Provenance.Host.StartsWith(Provenance.ImportedRecord, StringComparison.Ordinal);

    /// <summary>Tolerances on other hosts.</summary>
    public Tolerances Tolerances { get; init; } = Tolerances.None;

    /// <summary>The trajectory.</summary>
    public required Trajectory Trajectory { get; init; }

    /// <summary>What its training cost; goldens before format 4 have nothing of it.</summary>
    public GoldenPerformance Performance { get; init; } = GoldenPerformance.None;

    /// <summary>This golden with figures of performance, in the format that has them.</summary>
    public Golden With(GoldenPerformance performance)
    {
        ArgumentNullException.ThrowIfNull(performance);
        return performance.Figures.Count + performance.Unavailable.Count == 0
            ? this
            : this with
            {
                Format = GoldenFormat.WithPerformance,
                Performance = performance,
            };
    }

    /// <summary>Compares a received trajectory with this approved one.</summary>
    /// <param name="received">What a run gave now.</param>
    /// <param name="host">Host in words on which it ran.</param>
    public GoldenComparison CompareWith(Trajectory received, string host) => GoldenComparison.Of(this, received, host);
}
