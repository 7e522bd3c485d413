using System.Globalization;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Comparison;

/// <summary>A number of a step's line by its path, read from the row.</summary>
internal static class StepNumbers
{
    /// <summary>What reads it; null where rows do not hold the path.</summary>
    public static Func<StepRow, double?>? Reader(string path) =>
        path.Split('.', 2) switch
        {
            ["loss", var term] => Loss(term),
            ["discriminatorLoss"] => r => r.DiscriminatorLoss,
            ["gradientNorm", var term] => Norm(term),
            ["generatorUpdate", var part] => Update(r => r.GeneratorUpdate, part),
            ["discriminatorUpdate", var part] => Update(r => r.DiscriminatorUpdate, part),
            ["sampleCount"] => r => r.SampleCount,
            ["scored"] => r => r.Scored,
            ["batch"] => r => r.Batch,
            [var sample, var part] when Place(sample) is { } place => Sample(place, part),
            _ => null,
        };

    private static Func<StepRow, double?>? Loss(string term) =>
        term switch
        {
            "ri" => r => r.Loss.Ri,
            "magnitude" => r => r.Loss.Magnitude,
            "time" => r => r.Loss.Time,
            "gan" => r => r.Loss.Gan,
            "total" => r => r.TotalLoss,
            _ => null,
        };

    private static Func<StepRow, double?>? Norm(string term) =>
        term switch
        {
            "ri" => r => r.GradientNorm?.Ri,
            "magnitude" => r => r.GradientNorm?.Magnitude,
            "time" => r => r.GradientNorm?.Time,
            "gan" => r => r.GradientNorm?.Gan,
            "generator" => r => r.GradientNorm?.Generator,
            "discriminator" => r => r.GradientNorm?.Discriminator,
            _ => null,
        };

    private static Func<StepRow, double?>? Update(Func<StepRow, UpdateRow?> update, string part) =>
        part switch
        {
            "norm" => r => update(r)?.Norm,
            "rate" => r => update(r)?.Rate,
            "parameters" => r => update(r)?.Parameters,
            "still" => r => update(r)?.Still,
            _ => null,
        };

    private static Func<StepRow, double?>? Sample(int place, string part)
    {
        return part switch
        {
            "pesq" => r => At(r)?.Pesq,
            "discriminator" => r => At(r)?.Discriminator,
            "discriminatorOfClean" => r => At(r)?.DiscriminatorOfClean,
            "target" => r => At(r)?.Target,
            "start" => r => At(r)?.Start,
            _ => null,
        };

        SampleRow? At(StepRow row) => row.Samples is { } samples && place < samples.Count ? samples[place] : null;
    }

    private static int? Place(string sample) =>
        sample.StartsWith("samples[", StringComparison.Ordinal)
        && sample.EndsWith(']')
        && int.TryParse(sample[8..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : null;
}
