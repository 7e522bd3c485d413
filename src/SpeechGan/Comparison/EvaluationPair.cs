using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>Two evaluations of one utterance held against each other without their JSON.</summary>
internal static class EvaluationPair
{
    /// <summary>How many values differ; null where the two are not alike in form, which <see cref="RecordedField"/> judges.</summary>
    public static int? Differences(UtteranceEvaluation x, UtteranceEvaluation y)
    {
        if (
            (x.Epoch, x.Split, x.Name, x.CutStart, x.CutLength) != (y.Epoch, y.Split, y.Name, y.CutStart, y.CutLength)
            || !x.Metrics.Keys.SequenceEqual(y.Metrics.Keys, StringComparer.Ordinal)
            || !x.Unavailable.SequenceEqual(y.Unavailable)
            || !(x.Sources ?? Absence.None).SequenceEqual(y.Sources ?? Absence.None)
        )
            return null;
        // Texts of numbers differ where their bits do.
        return x.Metrics.Values.Zip(y.Metrics.Values).Count(m => Bits(m.First) != Bits(m.Second));
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
