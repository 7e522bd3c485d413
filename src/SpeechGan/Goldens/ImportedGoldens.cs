using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>An imported run as the command line named it.</summary>
/// <param name="Label">Its folder.</param>
/// <param name="Record">Its record.</param>
public sealed record ImportedRun(string Label, RunRecord Record);

/// <summary>What pinning came to: the golden waits for a person's approval.</summary>
/// <param name="Golden">What was laid beside the goldens.</param>
/// <param name="Spread">Largest distances of the runs, by value.</param>
/// <param name="Notes">What the reader should know, a sentence each.</param>
public sealed record ImportedPin(Golden Golden, TrajectorySpread Spread, IReadOnlyList<string> Notes);

/// <summary>What the check of an imported run came to.</summary>
/// <param name="State">How the golden stands.</param>
/// <param name="Sentence">The result in a sentence.</param>
/// <param name="Comparison">The comparison; null where nothing sound is approved.</param>
/// <param name="Report">All that a person needs to decide; null where nothing differs or could be compared.</param>
public sealed record ImportedCheck(GoldenState State, string Sentence, GoldenComparison? Comparison, GoldenReport? Report)
{
    /// <summary>Whether all is well.</summary>
    public bool IsGood => State is GoldenState.Equal or GoldenState.WithinTolerance;
}

/// <summary>
/// Goldens of imported runs, in a folder of the user's own: one run's trajectory, and how far a later one may lie from it. Nobody can train
/// such a run again here, so the tolerances are measured from further runs of the user's, or said by the user with a reason.
/// </summary>
/// <param name="store">The folder.</param>
/// <param name="version">SpeechGan's version.</param>
/// <param name="date">Day, <c>2026-11-22</c>.</param>
public sealed class ImportedGoldens(GoldenStore store, string version, string date)
{
    private const int Named = 3,
        DigestShown = 12;

    /// <summary>Lays the first run's trajectory beside the goldens, with the spread of all as tolerances.</summary>
    /// <param name="name">Name of the golden.</param>
    /// <param name="runs">The run that is pinned, then further ones of other seeds.</param>
    /// <param name="said">Tolerances that the user says, each with its cause: they replace measured ones.</param>
    /// <exception cref="GoldenException">A run is none that can be pinned, a tolerance names no value of it, the name belongs to another
    /// golden, or this is continuous integration.</exception>
    public ImportedPin Pin(string name, IReadOnlyList<ImportedRun> runs, IReadOnlyList<Tolerance> said)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(said);
        Require(name, runs);
        if (!store.KeepsReceived)
            throw new GoldenException(
                $"Golden '{name}' is not pinned: this is continuous integration (CI is set), where nothing is written beside goldens. Pin "
                    + $"it on your own machine."
            );

        var first = ImportedTrajectory.Of(runs[0].Record);
        var spread = new TrajectorySpread();
        Trajectory[] all = [first, .. runs.Skip(1).Select(r => ImportedTrajectory.Of(r.Record))];
        for (var i = 0; i < all.Length; i++)
        {
            for (var k = i + 1; k < all.Length; k++)
                spread.Add(all[i], all[k], $"'{runs[i].Label}' against '{runs[k].Label}'");
        }

        RequireKnown(name, first, said);
        var measured = spread.Tolerances($"golden pin, {Counted.Of(runs.Count, "run")}").All;
        var golden = Received(
            name,
            runs[0],
            new Tolerances { All = [.. measured.Where(m => said.All(s => s.Name != m.Name)), .. said] },
            $"speechgan golden pin {name} {string.Join(' ', runs.Select(r => $"--run {r.Label}"))}"
        );
        store.Lay(golden);
        return new ImportedPin(golden, spread, [.. Notes(runs, first, spread, golden.Tolerances)]);
    }

    /// <summary>Holds an imported run against its approved golden, and lays it beside where it differs.</summary>
    /// <param name="name">Name of the golden.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="GoldenException">The run was not imported, the golden pins no imported run, or a file cannot be
    /// written.</exception>
    public ImportedCheck Check(string name, ImportedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        RequireImported(run);
        Golden? verified;
        try
        {
            store.History(name);
            verified = store.IsApproved(name) ? store.Read(name) : null;
        }
        catch (GoldenException e)
        {
            return new ImportedCheck(GoldenState.Unsound, e.Message, null, null);
        }

        if (verified is null)
            return new ImportedCheck(
                GoldenState.NotApproved,
                $"Golden '{name}' is not approved yet. "
                    + (
                        store.IsWaiting(name)
                            ? $"Look at it with `speechgan golden diff {name}{store.Options}`, then `speechgan golden approve {name}"
                                + $"{store.Options}`."
                            : $"Pin a run first: `speechgan golden pin {name} --run RUN{store.Options}`."
                    ),
                null,
                null
            );

        RequirePinsImported(verified);
        var received = Received(name, run, verified.Tolerances, $"speechgan golden check {name} --run {run.Label}");
        // A run that was pinned anew waits with tolerances of its own: that is not taken from under the person who looks at it.
        var comparison =
            store.IsWaiting(name) && !store.ReadReceived(name).Golden.Tolerances.All.SequenceEqual(verified.Tolerances.All)
                ? verified.CompareWith(received.Trajectory, received.Provenance.Host)
                : store.Check(received)!;
        return new ImportedCheck(
            comparison.Outcome switch
            {
                GoldenOutcome.Differs => GoldenState.Differs,
                GoldenOutcome.Equal => GoldenState.Equal,
                _ => GoldenState.WithinTolerance,
            },
            comparison.Sentence,
            comparison,
            comparison.Outcome == GoldenOutcome.Differs ? GoldenReport.Of(null, verified, received, store) : null
        );
    }

    private void Require(string name, IReadOnlyList<ImportedRun> runs)
    {
        foreach (var run in runs)
            RequireImported(run);

        // The same record twice would measure a spread of nothing.
        if (runs.GroupBy(r => r.Record.Info.Id).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new GoldenException(
                $"'{same.First().Label}' and '{same.Last().Label}' were imported from the same file ({same.Key}): a spread needs runs that "
                    + $"were trained apart. Give each run once."
            );

        if (store.IsApproved(name))
            RequirePinsImported(store.Read(name));
    }

    private static void RequireImported(ImportedRun run)
    {
        if (run.Record.Info.Import is null)
            throw new GoldenException(
                $"'{run.Label}' is a run of this program; --run takes one that `speechgan import` made. Scenarios pin this program's own "
                    + $"trainings (`speechgan golden check`), and `speechgan compare` compares two runs."
            );
    }

    private void RequirePinsImported(Golden golden)
    {
        if (!golden.IsImported)
            throw new GoldenException(
                $"'{store.VerifiedPath(golden.Name)}' pins a training of this program and no imported run. Choose another name or folder."
            );
    }

    private static void RequireKnown(string name, Trajectory trajectory, IReadOnlyList<Tolerance> said)
    {
        string[] known =
        [
            .. trajectory
                .Epochs.SelectMany(e => e.Values.Keys.Concat(e.Utterances.Values.SelectMany(u => u.Keys).Select(k => "utterance." + k)))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        if (said.FirstOrDefault(s => !known.Contains(s.Name)) is { } unknown)
            throw new GoldenException(
                $"--tolerance names '{unknown.Name}', which golden '{name}' would not have. It has {string.Join(", ", known)}."
            );
    }

    private static IEnumerable<string> Notes(
        IReadOnlyList<ImportedRun> runs,
        Trajectory first,
        TrajectorySpread spread,
        Tolerances tolerances
    )
    {
        if (!first.Epochs.Any(e => e.Values.ContainsKey("mean.pesq_wb")))
            yield return $"'{runs[0].Label}' has no PESQ: this golden cannot tell whether quality falls.";

        if (tolerances.All.Count == 0)
            yield return runs.Count == 1
                ? "No tolerance: a later run must be equal in every digit. Give further runs of other seeds (--run), from which the "
                    + "spread is "
                    + "measured, or say one with its reason (--tolerance FIELD=VALUE --because TEXT)."
                : "Where the runs have the same values they are equal in every digit, and a later run must be equal there too.";

        if (spread.Problems.Count > 0)
            yield return $"No tolerance covers what one run alone has: {Counted.Of(spread.Problems.Count, "value")} (first: "
                + $"{spread.Problems[0]}).";
    }

    private static string FileOf(ImportedFile file) => $"{file.Name} (SHA-256 {file.Sha256[..Math.Min(DigestShown, file.Sha256.Length)]})";

    private Golden Received(string name, ImportedRun run, Tolerances tolerances, string command)
    {
        var import = run.Record.Info.Import!;
        return new Golden
        {
            Name = name,
            Provenance = new Provenance
            {
                Command = command,
                Version = version,
                Date = date,
                Seed = null,
                Corpus = $"a corpus that is not recorded, read from {string.Join(", ", import.Files.Take(Named).Select(FileOf))}",
                Host = $"{Provenance.ImportedRecord} ({import.Kind}: {import.Writer})",
            },
            Tolerances = tolerances,
            Trajectory = ImportedTrajectory.Of(run.Record),
        };
    }
}
