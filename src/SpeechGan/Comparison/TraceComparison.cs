using System.Globalization;

namespace SpeechGan.Comparison;

/// <summary>A tensor that differs by more than rounding explains.</summary>
/// <param name="A">In A.</param>
/// <param name="B">In B.</param>
/// <param name="Distance">Relative distance.</param>
/// <param name="Bound">What rounding explains.</param>
public sealed record TraceDifference(TraceNode A, TraceNode B, double Distance, double Bound)
{
    /// <summary>The difference in words.</summary>
    public string InWords() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{A.InWords}, {TraceComparison.Word(A.Part)}{(A.Name.Length > 0 ? $" {A.Name}" : "")}: relative distance {Distance:G2}, "
                + $"rounding explains {Bound:G2}"
        );
}

/// <summary>Two traces of one step: the first module whose output differs by more than rounding explains.</summary>
public sealed record TraceComparison
{
    /// <summary>Step of the run, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The first output beyond rounding, in the order of the step; null where there is none.</summary>
    public TraceDifference? First { get; init; }

    /// <summary>Tensors that both have.</summary>
    public required int Tensors { get; init; }

    /// <summary>Tensors that one has alone: modules that only one program has, or that only one form of the kernels calls.</summary>
    public required int Alone { get; init; }

    /// <summary>Tensors whose bits differ.</summary>
    public required int BitsDiffer { get; init; }

    /// <summary>Tensors beyond rounding.</summary>
    public required int Beyond { get; init; }

    /// <summary>Whether a parameter of the first module differs beyond rounding before the step: then its state differs and not its code
    /// alone.</summary>
    public required bool ParametersDiffer { get; init; }

    /// <summary>The first gradient beyond rounding where no output is; null where there is none.</summary>
    public TraceDifference? FirstGradient { get; init; }

    /// <summary>The first output that A does not give either when it takes B's output of the first module: a second origin. Null where
    /// there is none or it was not tried.</summary>
    public TraceDifference? Second { get; init; }

    /// <summary>Whether the second origin was looked for.</summary>
    public bool Followed { get; init; }

    /// <summary>Why it was not; null where it was.</summary>
    public string? NotFollowed { get; init; }

    /// <summary>The result in sentences.</summary>
    public string Sentence =>
        (First, FirstGradient, BitsDiffer) switch
        {
            ({ } first, _, _) => $"Step {Step}: the first module that differs is {first.InWords()}."
                + (ParametersDiffer ? " Its parameters differ before the step." : " Its parameters are those of A within rounding.")
                + (
                    Second is { } second ? $" Not all follows from it: with B's output of it, A still differs first at {second.InWords()}."
                    : Followed ? " All outputs after it follow from it: with B's output of it, A gives B's."
                    : $" Whether all follows from it was not tried: {NotFollowed}."
                ),
            (null, { } gradient, _) =>
                $"Step {Step}: no output differs by more than rounding; the first gradient that does is {gradient.InWords()}.",
            (null, null, 0) =>
                $"Step {Step}: all {Tensors} tensors are equal to the bit. What differs in it comes after the backward passes (the "
                    + $"optimiser's step) or beside them (scores).",
            _ => $"Step {Step}: {BitsDiffer} of {Tensors} tensors differ in bits, none by more than rounding explains.",
        };

    /// <summary>Compares two traces.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="bound">What rounding explains, measured on A.</param>
    public static TraceComparison Of(StepTrace a, StepTrace b, TraceBound bound)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(bound);
        var others = b.Nodes.GroupBy(n => n.Key).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var differences = new List<TraceDifference>();
        int tensors = 0,
            bits = 0;
        foreach (var node in a.Nodes)
        {
            if (!others.TryGetValue(node.Key, out var other))
                continue;
            tensors++;
            bits += node.Digest == other.Digest ? 0 : 1;
            double distance = bound.Between(node, other),
                limit = bound.Of(node, a.IsFloat64 && b.IsFloat64);
            if (distance > limit)
                differences.Add(new TraceDifference(node, other, distance, limit));
        }
        var first = differences.FirstOrDefault(d => d.A.Part == TracePart.Output);
        return new TraceComparison
        {
            Step = a.Step,
            First = first,
            Tensors = tensors,
            Alone = a.Nodes.Count + b.Nodes.Count - (2 * tensors),
            BitsDiffer = bits,
            Beyond = differences.Count,
            ParametersDiffer =
                first is not null
                && differences.Any(d =>
                    d.A.Part == TracePart.Parameter
                    && (d.A.Module == first.A.Module || d.A.Module.StartsWith(first.A.Module + ".", StringComparison.Ordinal))
                ),
            FirstGradient = differences.FirstOrDefault(d => d.A.Part is TracePart.InputGradient or TracePart.ParameterGradient),
            NotFollowed = "one side cannot be computed again here",
        };
    }

    /// <summary>This comparison with the second origin looked for.</summary>
    /// <param name="substituted">A's step with B's output of the first module.</param>
    /// <param name="b">B.</param>
    /// <param name="bound">What rounding explains.</param>
    public TraceComparison With(StepTrace substituted, StepTrace b, TraceBound bound)
    {
        var again = Of(substituted, b, bound);
        return this with { Followed = true, NotFollowed = null, Second = again.First };
    }

    internal static string Word(TracePart part) =>
        part switch
        {
            TracePart.Output => "output",
            TracePart.InputGradient => "gradient of its input",
            TracePart.ParameterGradient => "gradient of parameter",
            _ => "parameter",
        };
}
