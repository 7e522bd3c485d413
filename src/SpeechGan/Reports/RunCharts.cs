using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Reports;

/// <summary>Charts of one run alone: the shares of the loss terms in the gradient, and the discriminator's outputs against true
/// PESQ.</summary>
internal static class RunCharts
{
    /// <summary>Most points of the cloud: more cannot be told apart, and cost bytes.</summary>
    public const int MostPoints = 1500;

    private const double LowestPesq = 1,
        PesqRange = EpochSummary.PesqRange; // the discriminator's scale: q = (PESQ - 1) / 3.5

    /// <summary>Share of each weighted term in the sum of the terms' gradient norms at the generator's output, over the steps.</summary>
    public static Chart Shares(ReportRun run, int number)
    {
        (string Name, Func<GradientNorms, double?> Of)[] terms =
        [
            ("ri", n => n.Ri),
            ("magnitude", n => n.Magnitude),
            ("time", n => n.Time),
            ("gan", n => n.Gan),
        ];
        var (x, values) = StepCurve.Of(
            run.Record,
            [.. terms.Select(t => (Func<StepRow, double?>)(s => s.GradientNorm is { } norms ? t.Of(norms) / Sum(norms) : null))]
        );
        return new Chart
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"shares-{number}"),
            Title = "Gradient shares of the loss terms",
            Caption =
                "Norm of each weighted term's gradient at the generator's output, of the sum of all four: what pulls the generator, "
                + "and how strongly."
                + StepCurve.Block(run.Record.Rows.Count) switch
                {
                    > 1 and var block => string.Create(
                        CultureInfo.InvariantCulture,
                        $" Means of up to {block} neighbouring steps; the band reaches from the lowest to the highest of them."
                    ),
                    _ => "",
                },
            XLabel = "epoch",
            YLabel = "share",
            Percent = true,
            YRange = [0, 1.02],
            Tables =
            [
                new ChartTable(x, [.. terms.Select((t, i) => values[i].Series(t.Name, i, i)).Where(s => s.Values.Any(v => v is not null))]),
            ],
        }.OrAbsent(run.Record.Rows.Count == 0 ? "No step was taken yet." : "Not measured: no step has gradient norms.");
    }

    /// <summary>What the discriminator said of enhanced training samples, brought to PESQ's scale, against their true PESQ; early, middle
    /// and late epochs apart.</summary>
    public static Chart Judgement(ReportRun run, int number)
    {
        var pairs = run.Record.Rows.SelectMany(s =>
            (s.Samples ?? [])
                .Where(p => p is { Pesq: not null, Discriminator: not null })
                .Select(p => (s.Epoch, Pesq: p.Pesq!.Value, Said: LowestPesq + (PesqRange * p.Discriminator!.Value)))
        );
        var count = pairs.Count();
        var stride = Math.Max(1, (count + MostPoints - 1) / MostPoints);
        var shown = pairs.Where((_, i) => i % stride == 0).ToList();
        var epochs = shown.Select(p => p.Epoch).Distinct().Order().ToList();
        var parts = epochs.Chunk(Math.Max(1, (epochs.Count + 2) / 3)).ToList();
        return new Chart
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"judgement-{number}"),
            Title = "Discriminator's output against true PESQ",
            Caption =
                "One point an enhanced training sample, before the discriminator's update; on the diagonal its judgement equals PESQ."
                + (
                    stride > 1
                        ? string.Create(CultureInfo.InvariantCulture, $" {shown.Count} of {count} samples are shown, every {stride}th.")
                        : ""
                ),
            XLabel = "PESQ of the sample, MOS-LQO",
            YLabel = "discriminator, as PESQ",
            Diagonal = true,
            XRange = [1, 4.7],
            YRange = [Math.Min(1, shown.Select(p => p.Said).Append(1).Min()), Math.Max(4.7, shown.Select(p => p.Said).Append(1).Max())],
            Tables =
            [
                .. parts.Select(
                    (part, i) =>
                    {
                        var points = shown.Where(p => part.Contains(p.Epoch)).OrderBy(p => p.Pesq).ToList();
                        var name = part.Length == 1 ? $"epoch {part[0]}" : $"epochs {part[0]} to {part[^1]}";
                        return new ChartTable(
                            [.. points.Select(p => p.Pesq)],
                            [new ChartSeries(name, [.. points.Select(p => (double?)p.Said)], i, 0, ChartStyle.Points)]
                        );
                    }
                ),
            ],
        }.OrAbsent(
            run.Record.Config is { HasDiscriminator: false } ? "The run trains without a discriminator (loss.weights.gan is 0)."
            : run.Record.Rows.Count == 0 ? "No step was taken yet."
            : "Not measured: no sample has both a PESQ score and a discriminator output."
        );
    }

    // Without any gradient the shares are not numbers: absent.
    private static double? Sum(GradientNorms norms) =>
        ((norms.Ri ?? 0) + (norms.Magnitude ?? 0) + (norms.Time ?? 0) + (norms.Gan ?? 0)) is > 0 and var sum ? sum : null;
}
