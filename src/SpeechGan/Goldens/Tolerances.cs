namespace SpeechGan.Goldens;

/// <summary>How far a value may be from the approved one on another host, and why so far.</summary>
/// <param name="Name">Value's name, for example <c>loss.total</c>, <c>mean.pesq_wb</c> or <c>utterance.pesq_wb</c>.</param>
/// <param name="Allowed">Largest allowed distance, in the value's unit.</param>
/// <param name="Cause">The measured spread it comes from.</param>
public sealed record Tolerance(string Name, double Allowed, string Cause);

/// <summary>The tolerances of a golden. They hold on other hosts only; on the host it was made on, and for values not named, equal means
/// equal to the bit.</summary>
public sealed record Tolerances
{
    /// <summary>No tolerance: every value must be equal on every host.</summary>
    public static Tolerances None { get; } = new();

    /// <summary>Tolerances in ordinal order of their names.</summary>
    public IReadOnlyList<Tolerance> All
    {
        get;
        init => field = Checked(value);
    } = [];

    /// <summary>Allowed distance of a value; 0 where none is named.</summary>
    public double For(string name) => All.FirstOrDefault(t => t.Name == name)?.Allowed ?? 0;

    private static IReadOnlyList<Tolerance> Checked(IReadOnlyList<Tolerance> tolerances)
    {
        foreach (var tolerance in tolerances)
        {
            if (
                tolerance.Name.Length == 0
                || tolerance.Name.Any(char.IsWhiteSpace)
                || !double.IsFinite(tolerance.Allowed)
                || tolerance.Allowed < 0
            )
                throw new ArgumentException(
                    $"The tolerance of '{tolerance.Name}' is {tolerance.Allowed}; allowed are a name without spaces and a number of at "
                        + $"least 0."
                );

            if (string.IsNullOrWhiteSpace(tolerance.Cause))
                throw new ArgumentException($"The tolerance of '{tolerance.Name}' has no cause; write the measured spread it comes from.");
        }

        return tolerances.DistinctBy(t => t.Name).Count() == tolerances.Count
            ? [.. tolerances.OrderBy(t => t.Name, StringComparer.Ordinal)]
            : throw new ArgumentException("A value has two tolerances.");
    }
}
