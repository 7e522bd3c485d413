using System.Text.Json.Serialization;

namespace SpeechGan.Reports;

/// <summary>A curve or a cloud of points.</summary>
/// <param name="Label">Name in the legend.</param>
/// <param name="Values">One a place of the table; null where it was not measured, which is a gap and never a 0.</param>
/// <param name="Colour">Number of its colour in the page's palette.</param>
/// <param name="Dash">Number of its dash pattern, so that curves differ without colours too.</param>
/// <param name="Style">How it is drawn.</param>
internal sealed record ChartSeries(string Label, IReadOnlyList<double?> Values, int Colour, int Dash, ChartStyle Style)
{
    /// <summary>Lowest of the values that each place stands for; null where it stands for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double?>? Low { get; init; }

    /// <summary>Highest of the values that each place stands for; null where it stands for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double?>? High { get; init; }
}

/// <summary>How a series is drawn.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChartStyle>))]
internal enum ChartStyle
{
    /// <summary>Points joined by a line: values of epochs.</summary>
    LineAndPoints,

    /// <summary>A thin line: values of steps.</summary>
    Thin,

    /// <summary>Points alone.</summary>
    Points,
}

/// <summary>Series over the same places.</summary>
/// <param name="X">Places, ascending.</param>
/// <param name="Series">The series.</param>
internal sealed record ChartTable(IReadOnlyList<double> X, IReadOnlyList<ChartSeries> Series);

/// <summary>A line across a chart with its name.</summary>
/// <param name="At">Place.</param>
/// <param name="Label">Name.</param>
internal sealed record ChartLine(double At, string Label);

/// <summary>A chart as the page's script draws it: all numbers, nothing else is needed.</summary>
internal sealed record Chart
{
    /// <summary>Id of its place in the page.</summary>
    public required string Id { get; init; }

    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>What is seen, in a sentence or two; empty for none.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Name of the horizontal axis.</summary>
    public required string XLabel { get; init; }

    /// <summary>Name and unit of the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>Tables; each series joins its own places.</summary>
    public IReadOnlyList<ChartTable> Tables { get; init; } = [];

    /// <summary>Upright lines: onsets.</summary>
    public IReadOnlyList<ChartLine> Marks { get; init; } = [];

    /// <summary>Level lines: thresholds, the noisy side.</summary>
    public IReadOnlyList<ChartLine> Levels { get; init; } = [];

    /// <summary>Ends of the horizontal axis; null: from the values.</summary>
    public IReadOnlyList<double>? XRange { get; init; }

    /// <summary>Ends of the vertical axis; null: from the values.</summary>
    public IReadOnlyList<double>? YRange { get; init; }

    /// <summary>Whether the line y = x is drawn.</summary>
    public bool Diagonal { get; init; }

    /// <summary>Whether values are shares shown in percent.</summary>
    public bool Percent { get; init; }

    /// <summary>Why there is nothing to draw, in a sentence; null where there is.</summary>
    public string? Absent { get; init; }

    /// <summary>The chart, or its absence where no series has a value.</summary>
    public Chart OrAbsent(string reason) =>
        Tables.Any(t => t.Series.Any(s => s.Values.Any(v => v is not null))) ? this : this with { Tables = [], Absent = reason };
}
