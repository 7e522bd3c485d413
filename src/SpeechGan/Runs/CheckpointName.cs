using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechGan.Runs;

/// <summary>
/// Place of a checkpoint in its run: after a whole epoch (<c>epoch-0003</c>) or inside one after a step of the run
/// (<c>epoch-0003-step-000120</c>, which comes before <c>epoch-0003</c>).
/// </summary>
/// <param name="Epoch">Epoch, from 1; 0 is the state before training.</param>
/// <param name="Step">Step of the run where it lies inside the epoch; null at its end.</param>
public sealed partial record CheckpointName(int Epoch, long? Step = null) : IComparable<CheckpointName>
{
    /// <summary>Reads the name of a folder; null where it is not a checkpoint's.</summary>
    public static CheckpointName? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (
            !match.Success
            || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || (
                match.Groups[2].Success && !long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            )
        )
            return null;

        var name = new CheckpointName(
            epoch,
            match.Groups[2].Success ? long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : null
        );
        return name.ToString() == text ? name : null; // `epoch-00003` would be a second name of the same place
    }

    /// <inheritdoc/>
    public int CompareTo(CheckpointName? other) =>
        other is null ? 1 : (Epoch, Step ?? long.MaxValue).CompareTo((other.Epoch, other.Step ?? long.MaxValue));

    /// <summary>Name of the folder.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"epoch-{Epoch:D4}")
        + (Step is { } step ? string.Create(CultureInfo.InvariantCulture, $"-step-{step:D6}") : "");

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(CheckpointName left, CheckpointName right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after another.</summary>
    public static bool operator >(CheckpointName left, CheckpointName right) => left.CompareTo(right) > 0;

    /// <summary>Whether one does not come after another.</summary>
    public static bool operator <=(CheckpointName left, CheckpointName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one does not come before another.</summary>
    public static bool operator >=(CheckpointName left, CheckpointName right) => left.CompareTo(right) >= 0;

    [GeneratedRegex("^epoch-([0-9]{4,})(?:-step-([0-9]{6,}))?\\z")]
    private static partial Regex Pattern();
}
