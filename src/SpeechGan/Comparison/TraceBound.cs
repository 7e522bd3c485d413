namespace SpeechGan.Comparison;

/// <summary>
/// How far a tensor of a step may be from the same tensor of another program or device by rounding alone: measured on the step itself,
/// tensor by tensor, as the distance between float32 and float64 of the same program.
/// </summary>
/// <remarks>
/// Sums in another order cannot be much further from one another than float32 is from exact sums; ten times that distance is what the
/// layers of a GPU are allowed against the CPU's (tests/GpuIntegration/LayerAgreementTests). The floor is 256 roundings of float32, for a
/// tensor whose float32 values lie on the exact ones by chance. In float64 the same errors
/// spread the same way, 2^29 times as small.
/// </remarks>
public sealed class TraceBound
{
    private const double Factor = 10,
        Floor = 1.0 / (1 << 16),
        Float64Share = 1.0 / (1 << 29);
    private readonly Dictionary<string, double> distances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> scales;

    /// <summary>Measures it.</summary>
    /// <param name="single">A step in float32.</param>
    /// <param name="exact">The same step in float64.</param>
    public TraceBound(StepTrace single, StepTrace exact)
    {
        ArgumentNullException.ThrowIfNull(single);
        ArgumentNullException.ThrowIfNull(exact);
        var others = exact.Nodes.GroupBy(n => n.Key).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var node in single.Nodes)
            if (others.TryGetValue(node.Key, out var other))
                distances[node.Key] = Distance(node, other);
        scales = single
            .Nodes.Where(n => n.Part == TracePart.ParameterGradient)
            .GroupBy(n => n.Module)
            .ToDictionary(g => g.Key, g => g.Max(n => Math.Max(Math.Abs(n.Low ?? 0), Math.Abs(n.High ?? 0))), StringComparer.Ordinal);
    }

    /// <summary>
    /// Distance of two tensors of a step. The gradient of a bias before a norm is a sum that cancels to zero and keeps the rounding of
    /// its terms: a parameter's gradient is therefore held against the largest of its module's.
    /// </summary>
    public double Between(TraceNode a, TraceNode b) =>
        Distance(a, b, a?.Part == TracePart.ParameterGradient ? scales.GetValueOrDefault(a.Module) : 0);

    /// <summary>Largest distance of a node that rounding explains, relative to the tensor's largest value.</summary>
    public double Of(TraceNode node, bool isFloat64)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Math.Max(Floor, Factor * distances.GetValueOrDefault(node.Key)) * (isFloat64 ? Float64Share : 1);
    }

    /// <summary>Largest distance of two tensors over the largest value of both; infinite where sizes differ or one alone has values that
    /// are not finite.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <param name="scale">Size that the distance is relative to where both are smaller.</param>
    public static double Distance(TraceNode a, TraceNode b, double scale = 0)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Digest == b.Digest)
            return 0;
        if (!a.Shape.SequenceEqual(b.Shape))
            return double.PositiveInfinity;
        double[] x = a.Read(),
            y = b.Read();
        double largest = scale,
            distance = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                if (!x[i].Equals(y[i]))
                    return double.PositiveInfinity;
                continue;
            }
            largest = Math.Max(largest, Math.Max(Math.Abs(x[i]), Math.Abs(y[i])));
            distance = Math.Max(distance, Math.Abs(x[i] - y[i]));
        }
        // Values between those that are held may differ: the extremes see them, and the norm, spread over all elements.
        var root = Math.Sqrt(Math.Max(1, a.Shape.Aggregate(1.0, (n, d) => n * d)));
        foreach (var (p, q, share) in new[] { (a.Norm, b.Norm, 1 / root), (a.Low, b.Low, 1), (a.High, b.High, 1) })
            if (p is { } m && q is { } n)
                distance = Math.Max(distance, Math.Abs(m - n) * share);
        return largest == 0 ? distance : distance / largest;
    }
}
