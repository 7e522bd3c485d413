using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>
/// What <c>tools/record.py</c> wrote in a Python trainer: this program's own lines, a file a process. The processes' parts of a step are
/// brought together, and epochs are summed up here, as those of a run of this program are.
/// </summary>
internal static partial class RecorderFolder
{
    private const string NotFinite = "not finite";

    /// <summary>Whether a file is called as the recorder's are.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Reads it.</summary>
    /// <exception cref="ImportException">No line of it can be read.</exception>
    public static AssembledRecord Read(SourceFiles files)
    {
        var notes = new List<string>();
        var steps = new List<(int Rank, List<StepTelemetry> Lines)>();
        var epochs = new Dictionary<int, EpochLine>();
        var evaluations = new Dictionary<(int, string, string), UtteranceEvaluation>();
        foreach (var (name, path, bytes) in files.Files.Where(f => IsName(Path.GetFileName(f.Name))))
        {
            var match = Name().Match(Path.GetFileName(name));
            var rank = int.Parse(match.Groups["rank"].ValueSpan, CultureInfo.InvariantCulture);
            switch (match.Groups["what"].Value)
            {
                case "steps":
                    steps.Add((rank, Forwards(Lines<StepTelemetry>(name, bytes, notes, (s, at) => s with { Sources = Of(at) }), notes)));
                    break;
                case "epochs":
                    foreach (var epoch in Lines<EpochLine>(name, bytes, notes, (e, at) => e with { Place = at }))
                    {
                        if (rank == 0 || !epochs.ContainsKey(epoch.Epoch))
                            epochs[epoch.Epoch] = epoch;
                    }

                    break;
                default:
                    foreach (var one in Lines<UtteranceEvaluation>(name, bytes, notes, (e, at) => e with { Sources = Of(at) }))
                        evaluations[(one.Epoch, one.Split, one.Name)] = one;

                    break;
            }
        }

        if (steps.All(s => s.Lines.Count == 0) && epochs.Count == 0 && evaluations.Count == 0)
            throw new ImportException(
                $"'{files.Source}' holds no line of record.py that can be "
                    + $"read{(notes.Count > 0 ? $": {notes[0]}" : ".")} Give the folder that Recorder(FOLDER) wrote.",
                files.Source
            );

        return Assembled(files.Source, steps.SelectMany(s => s.Lines), epochs, evaluations, notes);
    }

    private static AssembledRecord Assembled(
        string source,
        IEnumerable<StepTelemetry> steps,
        Dictionary<int, EpochLine> epochs,
        Dictionary<(int, string, string), UtteranceEvaluation> evaluations,
        List<string> notes
    )
    {
        var together = steps.GroupBy(s => s.Step).OrderBy(g => g.Key).Select(g => Together([.. g])).ToList();
        // A step that went wrong has no line in a record of this program: it is told in run.json.
        var broken = together.FirstOrDefault(s => Broken(s).Any());
        var ofEpoch = together.ToLookup(s => s.Epoch);
        var evaluated = evaluations.Values.OrderBy(e => e.Epoch).ToList();
        var ofEvaluation = evaluated.ToLookup(e => e.Epoch);
        return new AssembledRecord
        {
            Steps = together,
            Epochs =
            [
                .. epochs.Values.OrderBy(e => e.Epoch).Select(e => Epoch(e, [.. ofEpoch[e.Epoch]], [.. ofEvaluation[e.Epoch]], source)),
            ],
            Evaluations = evaluated,
            NonFinite = broken is null
                ? null
                : new NonFiniteValue(
                    broken.Epoch,
                    broken.Step,
                    $"In step {broken.Step} {string.Join(" and ", Broken(broken).Select(u => $"{u.Key} is {u.Value}"))} "
                        + $"({broken.Sources!.Values.First()})."
                )
                {
                    Field = Broken(broken).First().Key,
                },
            Notes = notes,
        };
    }

    [GeneratedRegex(
        @"^(?<what>steps|epochs|evaluations)\.rank(?<rank>\d{1,5})\.jsonl$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Name();

    private static IReadOnlyDictionary<string, string> Of(string place) => Absence.Of("line", place);

    private static List<T> Lines<T>(string name, byte[] bytes, List<string> notes, Func<T, string, T> at)
    {
        var read = new List<T>();
        var bad = new List<string>();
        var rest = bytes.AsSpan();
        for (var number = 1; rest.Length > 0; number++)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                notes.Add($"{name}: its last line is cut off and was left out.");
                break;
            }

            var line = rest[..end];
            rest = rest[(end + 1)..];
            if (line.Trim("\r \t"u8).Length == 0)
                continue;

            try
            {
                RunJson.RefuseNullInLists(line);
                read.Add(
                    at(
                        JsonSerializer.Deserialize<T>(line, RunJson.Line) ?? throw new JsonException("it is null"),
                        string.Create(CultureInfo.InvariantCulture, $"{name}:{number}")
                    )
                );
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
            {
                bad.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{name}:{number}: {e.Message.Split('\n')[0].Split(". Path")[0].Trim()}")
                );
            }
        }

        if (bad.Count > 0)
            notes.Add($"Lines of {name} that cannot be read and were left out: {bad.Count} (first: {bad[0]}).");

        return read;
    }

    // A training that was begun again from a checkpoint: what stood behind that step is void.
    private static List<StepTelemetry> Forwards(List<StepTelemetry> lines, List<string> notes)
    {
        var kept = new List<StepTelemetry>();
        foreach (var line in lines)
        {
            if (kept.Count > 0 && line.Step <= kept[^1].Step)
            {
                var before = kept.Count;
                kept.RemoveAll(k => k.Step >= line.Step);
                notes.Add(
                    $"At {line.Sources!.Values.First()} the steps go back to {line.Step}: the training was begun again there, and "
                        + $"{Counted.Of(before - kept.Count, "line before it is", "lines before it are")} void."
                );
            }

            kept.Add(line);
        }

        return kept;
    }

    private static StepTelemetry Together(List<StepTelemetry> parts)
    {
        if (parts.Count == 1)
            return Complete(parts[0]);

        var first = parts[0];
        double? Mean(Func<StepTelemetry, double?> of)
        {
            var there = parts.Where(p => of(p) is not null).ToList();
            var weight = there.Sum(p => (double)(p.SampleCount ?? 1));
            return there.Count == 0 || weight <= 0 ? null : there.Sum(p => of(p)!.Value * (p.SampleCount ?? 1)) / weight;
        }

        var stepped = parts.All(p => p.DiscriminatorStepped is null) ? (bool?)null : parts.Any(p => p.DiscriminatorStepped == true);
        return Complete(
            first with
            {
                Loss = new LossTerms
                {
                    Ri = Mean(p => p.Loss.Ri),
                    Magnitude = Mean(p => p.Loss.Magnitude),
                    Time = Mean(p => p.Loss.Time),
                    Gan = Mean(p => p.Loss.Gan),
                    Total = Mean(p => p.Loss.Total),
                },
                DiscriminatorLoss = Mean(p => p.DiscriminatorLoss),
                DiscriminatorStepped = stepped,
                SampleCount = parts.All(p => p.SampleCount is not null) ? parts.Sum(p => p.SampleCount) : null,
                Scored = parts.Sum(p => p.Scored),
                Masked = parts.SelectMany(p => p.Masked).GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.Sum(m => m.Value)),
                Samples = parts.All(p => p.Samples is not null) ? [.. parts.SelectMany(p => p.Samples!)] : null,
                Unavailable = parts.SelectMany(p => p.Unavailable).GroupBy(u => u.Key).ToDictionary(g => g.Key, g => g.First().Value),
                Sources = Absence.Of("line", string.Join(" and ", parts.Select(p => p.Sources!.Values.First()))),
            }
        );
    }

    private static IEnumerable<KeyValuePair<string, string>> Broken(StepTelemetry step) =>
        step.Unavailable.Where(u => u.Value.StartsWith(NotFinite, StringComparison.Ordinal));

    // Nothing is absent without a reason.
    private static StepTelemetry Complete(StepTelemetry step)
    {
        var reasons = new Dictionary<string, string>(step.Unavailable, StringComparer.Ordinal);
        void Missing(string name, bool there, string why = "it was not given to Recorder.step")
        {
            if (!there)
                reasons.TryAdd(name, why);
        }

        Missing("loss.total", step.Loss.Total is not null);
        Missing("discriminatorStepped", step.DiscriminatorStepped is not null);
        Missing(
            "discriminatorLoss",
            step.DiscriminatorLoss is not null,
            step.DiscriminatorStepped == false ? "the discriminator was not updated" : "it was not given to Recorder.step"
        );
        Missing("scores", step.Samples is not null);
        return step with { Unavailable = reasons };
    }

    private static EpochTelemetry Epoch(EpochLine line, List<StepTelemetry> steps, List<UtteranceEvaluation> evaluated, string source)
    {
        var summary = EpochSummary.Of(line.Epoch, steps);
        var counted = steps.Count > 0 && steps.All(s => s.DiscriminatorStepped is not null);
        var reasons = new Dictionary<string, string>(summary.Unavailable, StringComparer.Ordinal);
        if (!counted)
            reasons["trainingRate"] = reasons["batches"] = "it was not given to Recorder.step whether the discriminator was updated";

        var own = evaluated.Where(e => e.Split == line.Split).ToList();
        // The mean that the trainer says; where it says none, that of the utterances.
        var mean =
            line.Mean.Count > 0
                ? line.Mean
                : own.SelectMany(e => e.Metrics)
                    .GroupBy(m => m.Key)
                    .ToDictionary(g => g.Key, g => Statistics.SampleMean.Of([.. g.Select(m => m.Value)]));
        if (mean.Count == 0 && line.ValidationLoss is null)
            reasons["validation"] = $"not recorded by '{source}'";

        return summary with
        {
            LastStep = steps.Count > 0 ? steps[^1].Step : null,
            BatchesPlanned = line.BatchesPlanned,
            BatchesSeen = counted ? steps.Count : null,
            BatchesStepped = counted ? summary.BatchesStepped : null,
            TrainingRate = counted ? summary.TrainingRate : null,
            GeneratorLearningRate = line.GeneratorLearningRate,
            DiscriminatorLearningRate = line.DiscriminatorLearningRate,
            BestEpoch = line.BestEpoch,
            BestPesq = line.BestPesq,
            Validation =
                mean.Count == 0 && line.ValidationLoss is null
                    ? null
                    : new ValidationSummary
                    {
                        Split = line.Split,
                        Utterances = own.Count > 0 ? own.Count : null,
                        Mean = mean,
                        Loss = line.ValidationLoss,
                        TrainingMode = line.TrainingMode,
                    },
            Unavailable = reasons,
            Sources = Of(line.Place),
        };
    }

    private sealed record EpochLine
    {
        public required int Epoch { get; init; }

        public string Split { get; init; } = "valid";

        public IReadOnlyDictionary<string, double> Mean { get; init; } = new Dictionary<string, double>();

        public double? ValidationLoss { get; init; }

        public bool? TrainingMode { get; init; }

        public double? GeneratorLearningRate { get; init; }

        public double? DiscriminatorLearningRate { get; init; }

        public int? BatchesPlanned { get; init; }

        public int? BestEpoch { get; init; }

        public double? BestPesq { get; init; }

        public string Place { get; init; } = "";
    }
}
