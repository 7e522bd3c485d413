using SpeechGan.Diagnostics;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Reports;

/// <summary>Runs made in memory, as a report gets them.</summary>
internal static class ReportSamples
{
    public static DateTimeOffset MadeAt { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Epochs of four steps with validation; PESQ as given.</summary>
    public static RunRecord Run(params double[] pesq)
    {
        List<StepTelemetry> steps = [];
        List<EpochTelemetry> epochs = [];
        List<UtteranceEvaluation> evaluations = [Scored(0, "a", 1.5, "noisy_"), Scored(0, "b", 1.7, "noisy_")];
        for (var epoch = 1; epoch <= pesq.Length; epoch++)
        {
            StepTelemetry[] own =
            [
                .. Enumerable
                    .Range(1, 4)
                    .Select(i =>
                        RunSamples.Stepped(epoch, (4 * (epoch - 1)) + i, 1.0 / epoch) with
                        {
                            GradientNorm = new GradientNorms
                            {
                                Ri = 1,
                                Magnitude = 2,
                                Time = 0.5,
                                Gan = 0.5,
                            },
                        }
                    ),
            ];
            steps.AddRange(own);
            var valid = pesq[epoch - 1];
            evaluations.AddRange([Scored(epoch, "a", valid - 0.25), Scored(epoch, "b", valid + 0.25)]);
            epochs.Add(
                EpochSummary.Of(epoch, own) with
                {
                    Validation = new ValidationSummary
                    {
                        Split = "valid",
                        Utterances = 2,
                        Mean = new Dictionary<string, double> { ["pesq_wb"] = valid, ["si_sdr"] = 8 },
                    },
                }
            );
        }

        return new RunRecord
        {
            Info = new RunInfo
            {
                Id = "run-1",
                Status = RunStatus.Completed,
                Started = MadeAt.AddHours(-1),
                Ended = MadeAt,
                Seed = 7,
                Host = RunSamples.Start.Host,
                Versions = RunSamples.Start.Versions,
                GitCommit = "abc",
                Command = "speechgan train --data corpus --out run",
            },
            Config = RunConfig.FromPreset("tiny"),
            Steps = steps,
            Epochs = epochs,
            Evaluations = evaluations,
        };
    }

    public static UtteranceEvaluation Scored(int epoch, string name, double pesq, string prefix = "") =>
        new()
        {
            Epoch = epoch,
            Split = "valid",
            Name = name,
            CutStart = 0,
            CutLength = 16000,
            Metrics = new Dictionary<string, double> { [prefix + "pesq_wb"] = pesq, [prefix + "si_sdr"] = 4 * pesq },
        };

    public static Finding Finding(FindingOutcome outcome, int? since = null) =>
        new()
        {
            Id = "some-theory",
            Outcome = outcome,
            Measure = "a rate",
            Observed = 0.25,
            Threshold = 0.7,
            Rule = "below 70 % confirms",
            ThresholdSource = "a source",
            SinceEpoch = since,
            Sentence = "The rate is low.",
            NextAction = "Raise it.",
        };

    public static string Page(RunRecord run, params Finding[] findings) =>
        Page([
            new ReportRun(
                "run",
                run,
                new Verdict
                {
                    Run = run.Info.Id,
                    Summary = "What it comes to.",
                    Findings = findings,
                }
            ),
        ]);

    public static string Page(IReadOnlyList<ReportRun> runs, ReportListening? listening = null) =>
        ReportPage.Of(
            new ReportInput
            {
                Runs = runs,
                Listening = [.. runs.Select(_ => listening ?? new ReportListening([], []))],
                MadeAt = MadeAt,
                MadeBy = "test",
            }
        );

    public static ReportRun Judged(string label, RunRecord run) => new(label, run, Verdict.Of(run));
}
