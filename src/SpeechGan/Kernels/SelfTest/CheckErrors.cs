using System.Globalization;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>How far results and gradients of a check are from float64: the largest difference of each, relative to its largest
/// value.</summary>
internal sealed class CheckErrors
{
    /// <summary>What a gradient's name begins with.</summary>
    public const string GradientOf = "gradient of ";

    // A gradient that nearly cancels carries the rounding of what cancelled: each is measured by this share of the largest at least.
    private const double LeastScale = 0.1;

    // One that cancels by an identity (of a bias that a norm takes out again) is nothing but rounding, and is measured by the largest.
    private const double Cancelled = 1e-9;

    private readonly IReadOnlyList<(string Name, double Error)> errors;
    private readonly string? refusal;

    private CheckErrors(IReadOnlyList<(string Name, double Error)> errors, string? refusal) =>
        (this.errors, this.refusal) = (errors, refusal);

    /// <summary>Of what was computed.</summary>
    /// <param name="expected">In float64 on the CPU, by name.</param>
    /// <param name="found">The same names, in any number type on any device.</param>
    public static CheckErrors Between(IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> found)
    {
        var largest = expected.Where(e => IsGradient(e.Key)).Select(e => Largest(e.Value)).DefaultIfEmpty(0).Max();
        return new CheckErrors([.. expected.Select(e => (e.Key, Error(e.Key, e.Value, found.GetValueOrDefault(e.Key), largest)))], null);
    }

    /// <summary>Of what could not be computed.</summary>
    /// <param name="message">The exception's.</param>
    public static CheckErrors Refused(string message) => new([], message.Split('\n')[0].Trim().TrimEnd('.'));

    /// <summary>The record of a check with these errors.</summary>
    public KernelCheckRecord Judge(KernelCheck check, double limit)
    {
        var worst = errors.OrderByDescending(e => e.Error).Select(e => e.Name).FirstOrDefault();
        var wrong = errors.Where(e => !(e.Error <= limit)).ToList();
        return new KernelCheckRecord
        {
            Path = "",
            Operator = check.Operator,
            Shape = check.Shape,
            Forward = Finite(errors.Where(e => !IsGradient(e.Name))),
            Gradient = Finite(errors.Where(e => IsGradient(e.Name))),
            Worst = worst,
            Limit = limit,
            Right = refusal is null && wrong.Count == 0,
            InForce = false,
            Fault =
                refusal is not null ? $"it cannot be computed ({refusal})"
                : wrong.Count == 0 ? null
                : Fault(worst!, limit),
        };
    }

    private string Fault(string worst, double limit)
    {
        var error = errors.First(e => e.Name == worst).Error;
        return double.IsFinite(error)
            ? string.Create(CultureInfo.InvariantCulture, $"the {worst} is off by {error:G2} of its largest value, {limit:G2} is allowed")
            : $"the {worst} is not finite, or of another shape";
    }

    private static double Error(string name, Tensor expected, Tensor? found, double largest)
    {
        if (found is null || !found.shape.SequenceEqual(expected.shape))
            return double.PositiveInfinity;
        var scale = Largest(expected);
        if (IsGradient(name))
            scale = scale < Cancelled * largest ? largest : Math.Max(scale, LeastScale * largest);
        var difference = Largest(found.to(CPU).to(float64) - expected);
        if (difference == 0)
            return 0;
        if (double.IsFinite(difference) && scale > 0)
            return difference / scale;
        return double.PositiveInfinity;
    }

    private static bool IsGradient(string name) => name.StartsWith(GradientOf, StringComparison.Ordinal);

    private static double Largest(Tensor t)
    {
        using var size = t.abs();
        using var most = size.max();
        return most.ToDouble();
    }

    // Absent where one of them is NaN: the record holds measurements.
    private static double? Finite(IEnumerable<(string Name, double Error)> some)
    {
        var sizes = some.Select(e => e.Error).ToList();
        return sizes.Count > 0 && sizes.TrueForAll(double.IsFinite) ? sizes.Max() : null;
    }
}
