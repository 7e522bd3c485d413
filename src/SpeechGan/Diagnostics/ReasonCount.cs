using System.Globalization;
using SpeechGan.Metrics;

namespace SpeechGan.Diagnostics;

/// <summary>How many training samples had no score for a reason.</summary>
/// <param name="Reason">The scoring's own reason.</param>
/// <param name="Count">Samples.</param>
public sealed record ReasonCount(UnscorableReason Reason, long Count)
{
    /// <summary>The reasons of steps, by name; records of both spellings. A name that no reason has is left out, and told by
    /// <see cref="Unknown"/>.</summary>
    internal static IReadOnlyList<ReasonCount> Of(IEnumerable<KeyValuePair<string, int>> masked) =>
        [
            .. masked
                .Select(m => (Reason: UnscorableReasons.Parse(m.Key), m.Value))
                .Where(m => m.Reason is not null)
                .GroupBy(m => m.Reason!.Value)
                .Select(g => new ReasonCount(g.Key, g.Sum(m => (long)m.Value)))
                .OrderBy(r => r.Reason.ToName(), StringComparer.Ordinal),
        ];

    /// <summary>Samples whose reason has a name that this version does not know.</summary>
    internal static long Unknown(IEnumerable<KeyValuePair<string, int>> masked) =>
        masked.Where(m => UnscorableReasons.Parse(m.Key) is null).Sum(m => (long)m.Value);

    /// <summary>The reason and the count, as sentences have it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Reason.ToName()} x{Count}");
}
