using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>Charts over the epochs with one time axis: PESQ, SI-SDR, losses, training rate, the discriminator's correlation. Several runs
/// lie over one another.</summary>
internal sealed class TimeCharts
{
    private const string Epochs = "epoch";
    private const int MostEpochs = 100_000; // a damaged record may name any number
    private const string NoEpoch = "No epoch is complete: what is measured per epoch is not there yet.";

    private readonly IReadOnlyList<ReportRun> runs;
    private readonly double[] range;
    private readonly IReadOnlyList<ChartLine> onsets;

    public TimeCharts(IReadOnlyList<ReportRun> runs)
    {
        this.runs = runs;
        range =
        [
            0,
            Math.Max(
                1,
                runs.Max(r =>
                    Math.Max(
                        r.Record.Epochs.Select(e => e.Epoch).Append(0).Max(),
                        r.Record.Rows.Epochs.Select(s => s.Epoch).Append(0).Max()
                    )
                )
            ),
        ];
        onsets =
        [
            .. runs.SelectMany(r => Onsets(r).Select(f => (f.SinceEpoch!.Value, Run: r)).Distinct())
                .GroupBy(o => o.Value)
                .OrderBy(g => g.Key)
                .Select(g => new ChartLine(
                    g.Key,
                    $"epoch {g.Key}{(runs.Count > 1 ? ": " + string.Join(", ", g.Select(o => o.Run.Label)) : "")}"
                )),
        ];
    }

    /// <summary>Findings that say since when something is wrong.</summary>
    public static IEnumerable<Finding> Onsets(ReportRun run) =>
        run.Verdict.Findings.Where(f =>
            f is { SinceEpoch: not null, Outcome: not (FindingOutcome.Rejected or FindingOutcome.NotMeasured) }
        );

    /// <summary>All of them in the page's order.</summary>
    public IReadOnlyList<Chart> All() =>
        [
            Validation("pesq", "PESQ", UtteranceCourse.Pesq, "PESQ, MOS-LQO"),
            Loss(),
            Terms(),
            Validation("si-sdr", "SI-SDR", UtteranceCourse.SiSdr, "SI-SDR, dB"),
            Rate(),
            Correlation(),
        ];

    private Chart Validation(string id, string title, string metric, string unit) =>
        (
            OverTime(
                id,
                title,
                unit,
                [
                    .. runs.Select(
                        (run, i) =>
                            ByEpoch(
                                run,
                                e => e.Validation!.Mean.TryGetValue(metric, out var mean) ? mean : null,
                                Name(run, "enhanced"),
                                i,
                                i,
                                e => e.Validation is not null
                            )
                    ),
                ]
            ) with
            {
                Caption = "Mean over the validation utterances after each epoch that was validated.",
                Levels =
                [
                    .. runs.Select(r => (r, Mean: Noisy(r.Record, metric)))
                        .Where(n => n.Mean is not null)
                        .GroupBy(n => Math.Round(n.Mean!.Value, 6))
                        .Select(g => new ChartLine(
                            g.Key,
                            runs.Count > 1 && g.Count() < runs.Count ? "noisy: " + string.Join(", ", g.Select(n => n.r.Label)) : "noisy"
                        )),
                ],
            }
        ).OrAbsent(Why("validation", "no epoch was validated"));

    private Chart Loss()
    {
        var tables = new List<ChartTable>();
        for (var i = 0; i < runs.Count; i++)
        {
            var (x, values) = StepCurve.Of(runs[i].Record, s => s.TotalLoss);
            tables.Add(new ChartTable(x, [values[0].Series(Name(runs[i], "generator, steps"), i, 0)]));
            tables.Add(ByEpoch(runs[i], e => e.Loss.Total, Name(runs[i], "generator, epoch mean"), i, i));
            if (runs[i].Record.Epochs.Any(e => e.Validation?.Loss is not null))
                tables.Add(
                    ByEpoch(runs[i], e => e.Validation!.Loss, Name(runs[i], "generator, validation"), i, 1, e => e.Validation is not null)
                );

            if (runs.Count == 1)
                tables.Add(ByEpoch(runs[i], e => e.DiscriminatorLoss, "discriminator, epoch mean", 1, 2));
        }

        var block = StepCurve.Block(runs.Max(r => r.Record.Rows.Count));
        return (
            OverTime("loss", "Training losses", "loss", tables) with
            {
                Caption =
                    block > 1
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"The thin curve has means of up to {block} neighbouring steps. The band "
                                + $"around it reaches from the lowest to the highest of them."
                        )
                    : runs.Any(r => r.Record.Rows.Count > 0 && r.Record.Epochs.Count == 0)
                        ? "No epoch is complete: how many steps one has is not known yet, and those taken fill it."
                    : "",
            }
        ).OrAbsent("No step was taken yet.");
    }

    private Chart Terms()
    {
        (string Name, Func<LossTerms, double?> Of)[] terms =
        [
            ("ri", l => l.Ri),
            ("magnitude", l => l.Magnitude),
            ("time", l => l.Time),
            ("gan", l => l.Gan),
        ];
        var tables = new List<ChartTable>();
        for (var i = 0; i < runs.Count; i++)
        {
            for (var t = 0; t < terms.Length; t++)
            {
                var of = terms[t].Of;
                var first = runs[i].Record.Epochs.Select(e => of(e.Loss)).FirstOrDefault(v => v is not null and not 0);
                if (first is not null)
                    tables.Add(ByEpoch(runs[i], e => of(e.Loss) / first, Name(runs[i], terms[t].Name), runs.Count > 1 ? i : t, t));
            }
        }

        return (
            OverTime("terms", "Loss terms, relative to the first epoch", "share of first epoch", tables) with
            {
                Percent = true,
            }
        ).OrAbsent(NoEpoch);
    }

    private Chart Rate() =>
        (
            OverTime("rate", "Training rate of the discriminator", "batches stepped / seen", [.. runs.Select(RateOf)]) with
            {
                Caption =
                    "Batches on which the discriminator stepped, of the batches seen. An epoch that is not over counts as far as it is.",
                Levels =
                [
                    new ChartLine(
                        DiscriminatorStarved.ConfirmedBelowPercent / 100.0,
                        $"starved below {DiscriminatorStarved.ConfirmedBelowPercent} %"
                    ),
                    new ChartLine(
                        DiscriminatorStarved.RejectedAbovePercent / 100.0,
                        $"sound above {DiscriminatorStarved.RejectedAbovePercent} %"
                    ),
                ],
                Percent = true,
                YRange = [0, 1.05],
            }
        ).OrAbsent(
            runs.All(r => r.Record.Config is { HasDiscriminator: false })
                ? "The run trains without a discriminator (loss.weights.gan is 0)."
                : "No batch was seen yet."
        );

    private Chart Correlation() =>
        (
            OverTime(
                "correlation",
                "Discriminator against PESQ, by epoch",
                "correlation",
                [.. runs.Select((run, i) => ByEpoch(run, e => e.DiscriminatorCorrelation, Name(run, "correlation"), i, i))]
            ) with
            {
                Caption =
                    "Correlation of the discriminator's output with the PESQ of the enhanced training samples: near 1 it judges as "
                    + "PESQ does, near 0 it is blind.",
                YRange = [-1.05, 1.05],
            }
        ).OrAbsent(Why("discriminatorCorrelation", "no epoch has a correlation"));

    private ChartTable RateOf(ReportRun run, int colour)
    {
        if (run.Record.Config is { HasDiscriminator: false })
            return new ChartTable([], []);

        List<double> x = [.. run.Record.Epochs.Select(e => (double)e.Epoch), .. Lost(run.Record)];
        List<double?> rates =
        [
            .. run.Record.Epochs.Select(e => e.BatchesSeen > 0 || run.Record.Info.Import is not null ? e.TrainingRate : null),
            .. Lost(run.Record).Select(_ => (double?)null),
        ];
        var open = run
            .Record.Rows.Epochs.Where(e => e.Epoch > (run.Record.Epochs.Count == 0 ? 0 : run.Record.Epochs.Max(e => e.Epoch)))
            .SelectMany(e => run.Record.Rows.Of(e.Epoch))
            .Where(s => s.DiscriminatorStepped is not null);
        if (open.Count() is > 0 and var taken)
        {
            x.Add(new EpochAxis(run.Record).Steps.Max());
            rates.Add((double)open.Count(s => s.DiscriminatorStepped == true) / taken);
        }

        return Sorted(x, rates, Name(run, "training rate"), colour, colour);
    }

    private Chart OverTime(string id, string title, string unit, IReadOnlyList<ChartTable> tables) =>
        new()
        {
            Id = id,
            Title = title,
            XLabel = Epochs,
            YLabel = unit,
            XRange = range,
            Tables = tables,
            Marks = onsets,
        };

    // Epochs that were not to have a value (evaluation.everyEpochs) are no places of the curve: its line joins those that have one.
    private static ChartTable ByEpoch(
        ReportRun run,
        Func<EpochTelemetry, double?> value,
        string label,
        int colour,
        int dash,
        Func<EpochTelemetry, bool>? isPlace = null
    )
    {
        List<EpochTelemetry> epochs = [.. run.Record.Epochs.Where(isPlace ?? (_ => true))];
        return Sorted(
            [.. epochs.Select(e => (double)e.Epoch), .. Lost(run.Record)],
            [.. epochs.Select(value), .. Lost(run.Record).Select(_ => (double?)null)],
            label,
            colour,
            dash
        );
    }

    // Epochs whose lines could not be read: a gap, which no line may bridge. An imported table has the epochs that somebody wrote down, and
    // lost none.
    private static List<double> Lost(RunRecord run)
    {
        var known = run.Epochs.Select(e => e.Epoch).ToHashSet();
        return known.Count == 0 || run.Info.Import is not null
            ? []
            : [.. Enumerable.Range(1, Math.Min(known.Max(), MostEpochs)).Where(e => !known.Contains(e)).Select(e => (double)e)];
    }

    private static ChartTable Sorted(IReadOnlyList<double> x, IReadOnlyList<double?> values, string label, int colour, int dash)
    {
        var order = Enumerable.Range(0, x.Count).OrderBy(i => x[i]).ToList();
        return new ChartTable(
            [.. order.Select(i => x[i])],
            [new ChartSeries(label, [.. order.Select(i => values[i])], colour, dash, ChartStyle.LineAndPoints)]
        );
    }

    private static double? Noisy(RunRecord run, string metric) =>
        run
            .Evaluations.Where(e => e is { Split: RecordName.Valid, Epoch: 0 })
            .Select(e => UtteranceCourse.Value(e, UtteranceCourse.NoisyPrefix + metric))
            .Average();

    // The record's own reason where it gives one.
    private string Why(string name, string otherwise)
    {
        var epochs = runs.SelectMany(r => r.Record.Epochs).ToList();
        var reasons = epochs.Select(e => e.Unavailable.GetValueOrDefault(name)).OfType<string>().Distinct().Take(3).ToList();
        return epochs.Count == 0 ? NoEpoch : $"Not measured: {(reasons.Count > 0 ? string.Join("; ", reasons) : otherwise)}.";
    }

    private string Name(ReportRun run, string what) => runs.Count > 1 ? $"{run.Label}: {what}" : what;
}
