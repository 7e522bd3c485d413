using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace SpeechGan.Reports;

/// <summary>
/// A chart of the report as a picture for papers and issue threads: the same numbers, colours, dashes, marks and levels as on the printed
/// page.
/// </summary>
internal static partial class ChartPicture
{
    /// <summary>Pixels of a row.</summary>
    public const int Width = 1000;

    /// <summary>Rows.</summary>
    public const int Height = 560;

    /// <summary>Colours of curves: the printed page's <c>--c0</c> to <c>--c5</c> (<c>Assets/report.css</c>).</summary>
    internal static readonly string[] Colours = ["#0072b2", "#c65102", "#00805c", "#a8508a", "#8f6a00", "#2f7fb8"];

    /// <summary>Colours of onsets and of levels: <c>--mark</c> and <c>--level</c>.</summary>
    internal static readonly (string Mark, string Level) Lines = ("#a3190f", "#57606a");

    private const int Dashed = 1,
        Dotted = 2;
    private const double Margin = 0.02; // of the range
    private const float Thin = 1.25f,
        Middle = 1.5f,
        Strong = 2;

    // report.js draws the same.
    private static readonly float[][] Dashes =
    [
        [],
        [9, 5],
        [2, 4],
        [9, 4, 2, 4],
    ];

    /// <summary>The chart as a PNG file.</summary>
    /// <exception cref="ArgumentException">The chart has nothing to draw.</exception>
    public static byte[] Png(Chart chart)
    {
        using var plot = Of(chart, isSvg: false);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    /// <summary>The chart as an SVG document; its text is text, in the font that the PNG has.</summary>
    /// <exception cref="ArgumentException">The chart has nothing to draw.</exception>
    public static string Svg(Chart chart)
    {
        using var plot = Of(chart, isSvg: true);
        // Skia numbers clip paths through the life of a process: from 1 here, so that one chart is the same bytes always.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var svg = ClipPath()
            .Replace(plot.GetSvgXml(Width, Height), m =>
            {
                var number = numbers.TryGetValue(m.Value, out var known) ? known : numbers[m.Value] = numbers.Count + 1;
                return string.Create(CultureInfo.InvariantCulture, $"cl_{number}");
            });
        foreach (var width in new[] { Thin, Middle, Strong })
            for (var dash = 1; dash < Dashes.Length; dash++)
                svg = svg.Replace(
                    string.Create(CultureInfo.InvariantCulture, $"stroke-width=\"{Marked(width, dash)}\""),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"stroke-width=\"{width}\" stroke-dasharray=\"{string.Join(' ', Dashes[dash])}\""
                    ),
                    StringComparison.Ordinal
                );
        return svg;
    }

    private static Plot Of(Chart chart, bool isSvg)
    {
        if (chart.Absent is { } reason)
            throw new ArgumentException($"There is no picture of '{chart.Id}': {reason}", nameof(chart));
        PictureFont.Use();
        var plot = new Plot();
        plot.Font.Set(PictureFont.Family);
        plot.Title(chart.Title);
        plot.XLabel(chart.XLabel);
        plot.YLabel(chart.YLabel);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = v => chart.Percent ? Plain(v * 100) + " %" : Plain(v) };
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = !chart.Diagonal, LabelFormatter = Plain };
        foreach (var table in chart.Tables)
        foreach (var series in table.Series)
            Draw(plot, table.X, series, isSvg);
        foreach (var level in chart.Levels)
            Named(plot.Add.HorizontalLine(level.At, Middle, Color.FromHex(Lines.Level)), level.Label, Dashed);
        foreach (var mark in chart.Marks)
            Named(plot.Add.VerticalLine(mark.At, Middle, Color.FromHex(Lines.Mark)), "since " + mark.Label, Dotted);
        Limits(plot, chart, isSvg);
        // An empty legend has no size, and nothing would be drawn.
        if (plot.Legend.GetItems().Any(i => i.LabelText.Length > 0))
            plot.ShowLegend(Edge.Right);
        return plot;

        void Named(ScottPlot.Plottables.AxisLine line, string name, int dash)
        {
            line.LegendText = name;
            Style(line.LineStyle, line.LineStyle.Color, Middle, dash, isSvg);
        }
    }

    // A value that was not measured is a gap: each stretch without one is a curve of its own, and the first has the name.
    private static void Draw(Plot plot, IReadOnlyList<double> x, ChartSeries series, bool isSvg)
    {
        var colour = Color.FromHex(Colours[series.Colour % Colours.Length]);
        var name = series.Label;
        if (series is { Low: { } low, High: { } high })
            Band(plot, x, low, high, colour);
        for (var from = 0; from < x.Count; from++)
        {
            if (series.Values[from] is null)
                continue;
            var end = from;
            while (end < x.Count && series.Values[end] is not null)
                end++;
            var points = Enumerable.Range(from, end - from).Select(i => new Coordinates(x[i], series.Values[i]!.Value)).ToArray();
            var curve = series.Style == ChartStyle.Points ? plot.Add.ScatterPoints(points, colour) : plot.Add.Scatter(points, colour);
            if (series.Style != ChartStyle.Points)
                Style(curve.LineStyle, colour, series.Style == ChartStyle.Thin ? Thin : Strong, series.Dash % Dashes.Length, isSvg);
            curve.MarkerSize = series.Style == ChartStyle.Thin && points.Length > 1 ? 0 : 6;
            curve.LegendText = name;
            (name, from) = ("", end);
        }
    }

    // From the lowest to the highest of the values that each place stands for.
    private static void Band(Plot plot, IReadOnlyList<double> x, IReadOnlyList<double?> low, IReadOnlyList<double?> high, Color colour)
    {
        const double opacity = 0.2;
        for (var from = 0; from < x.Count; from++)
        {
            var end = from;
            while (end < x.Count && low[end] is not null && high[end] is not null)
                end++;
            if (end == from)
                continue;
            var places = Enumerable.Range(from, end - from).ToArray();
            var band = plot.Add.FillY(
                [.. places.Select(i => x[i])],
                [.. places.Select(i => low[i]!.Value)],
                [.. places.Select(i => high[i]!.Value)]
            );
            (band.FillColor, band.LineWidth, band.MarkerSize) = (colour.WithAlpha(opacity), 0, 0);
            from = end;
        }
    }

    private static void Limits(Plot plot, Chart chart, bool isSvg)
    {
        plot.Axes.AutoScale();
        if (chart.XRange is { } x)
            plot.Axes.SetLimitsX(x[0], x[1] + (chart.Diagonal ? 0 : (x[1] - x[0]) * Margin)); // the last epoch's point is whole
        if (chart.YRange is { } y)
            plot.Axes.SetLimitsY(y[0], y[1]);
        if (!chart.Diagonal)
            return;
        var ends = plot.Axes.GetLimits();
        var (low, high) = (Math.Max(ends.Left, ends.Bottom), Math.Min(ends.Right, ends.Top));
        var line = plot.Add.Line(low, low, high, high);
        line.LegendText = "agreement";
        Style(line.LineStyle, Color.FromHex(Lines.Level), Middle, Dashed, isSvg);
    }

    // Skia writes no dashes into an SVG, and complains: there a line is whole, and its width tells the dash that is written in.
    private static void Style(LineStyle line, Color colour, float width, int dash, bool isSvg)
    {
        (line.Color, line.Width) = (colour, isSvg ? Marked(width, dash) : width);
        line.Pattern = isSvg || dash == 0 ? LinePattern.Solid : new LinePattern(Dashes[dash], 0, "");
    }

    private static string Plain(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    // In 64ths, which Skia writes as they are.
    private static float Marked(float width, int dash) => width + (dash / 64f);

    [GeneratedRegex("cl_[0-9a-f]+")]
    private static partial Regex ClipPath();
}
