using System.Globalization;

namespace SpeechGan.Comparison;

/// <summary>Where in a run a value stands.</summary>
public enum RecordPart
{
    /// <summary>A check before training.</summary>
    Oracle,

    /// <summary>A training step.</summary>
    Step,

    /// <summary>An epoch.</summary>
    Epoch,

    /// <summary>An utterance that was evaluated.</summary>
    Utterance,
}

/// <summary>A value that two runs recorded differently.</summary>
/// <param name="Part">Kind of the record line.</param>
/// <param name="Epoch">Epoch, from 1; 0 before training.</param>
/// <param name="Step">Step of the run, from 1; null where the line is no step.</param>
/// <param name="Name">Utterance or check; null for steps and epochs.</param>
/// <param name="Field">Path within the line; empty where one run lacks the whole line.</param>
/// <param name="A">Value in A; null where A has none.</param>
/// <param name="B">Value in B; null where B has none.</param>
/// <param name="Distance">|A - B|; null where one is not a number.</param>
public sealed record FieldDifference(
    RecordPart Part,
    int Epoch,
    long? Step,
    string? Name,
    string Field,
    string? A,
    string? B,
    double? Distance
)
{
    /// <summary>Distance over the larger of both sizes; null where there is no distance, 0 where both are 0.</summary>
    public double? Relative
    {
        get
        {
            if (Distance is not { } distance)
                return null;
            if (distance == 0)
                return 0;
            return distance
                / Math.Max(
                    Math.Abs(double.Parse(A!, CultureInfo.InvariantCulture)),
                    Math.Abs(double.Parse(B!, CultureInfo.InvariantCulture))
                );
        }
    }

    /// <summary>Its place: <c>step 4 (epoch 2)</c>.</summary>
    public string Place =>
        Part switch
        {
            RecordPart.Step => string.Create(CultureInfo.InvariantCulture, $"step {Step} (epoch {Epoch})"),
            RecordPart.Epoch => string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}"),
            RecordPart.Oracle => $"check '{Name}' before training",
            _ => string.Create(CultureInfo.InvariantCulture, $"utterance '{Name}' after epoch {Epoch}"),
        };

    /// <summary>The difference in words.</summary>
    public string InWords() =>
        Field.Length == 0
            ? $"{Place}: {(A is null ? "B alone has it" : "A alone has it")}"
            : $"{Place}, {Field}: A {A ?? "has none"}, B "
                + $"{B ?? "has none"}"
                + $"{(Relative is { } r ? string.Create(CultureInfo.InvariantCulture, $", relative distance {r:G2}") : "")}";
}
