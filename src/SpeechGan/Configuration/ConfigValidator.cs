using System.Text.RegularExpressions;

namespace SpeechGan.Configuration;

/// <summary>Rejects what cannot be trained before the first step, every problem in a sentence: key, found, allowed, what to do.</summary>
internal static partial class ConfigValidator
{
    public static IReadOnlyList<string> Validate(RunConfig config)
    {
        var problems = new List<string>();
        foreach (var knob in KnobTable.All)
        {
            var value = knob.Get(config);
            if (value is double number && !double.IsFinite(number))
                problems.Add(
                    $"{knob.Key} is not a finite number; allowed is {knob.Allowed}. Set it, for example --set "
                        + $"{knob.Key}={KnobValue.Print(knob.Default)} (the default)."
                );
            else if (!knob.InRange(value))
                problems.Add(
                    $"{knob.Key} is {KnobValue.Print(value)}; allowed is {knob.Allowed}. Set it, for example --set "
                        + $"{knob.Key}={KnobValue.Print(knob.Default)} (the default)."
                );
        }

        if (!Presets.Names.Contains(config.Preset))
            problems.Add("preset: " + Presets.Unknown(config.Preset));

        if (problems.Count == 0)
        {
            // The rules between knobs speak only when each knob is sound by itself: they would repeat the same cause.
            problems.AddRange(Between(config));
        }

        return problems;
    }

    private static IEnumerable<string> Between(RunConfig config)
    {
        foreach (var problem in Cuts(config))
            yield return problem;

        var checkpoint = config.Checkpoint;
        if (checkpoint.KeepEveryEpochs % checkpoint.EveryEpochs != 0)
        {
            var (keep, every) = (checkpoint.KeepEveryEpochs, checkpoint.EveryEpochs);
            yield return $"checkpoint.keepEveryEpochs is {keep} with checkpoint.everyEpochs {every}; allowed are 0 and multiples of "
                + "checkpoint.everyEpochs: the others are never made. Set checkpoint.keepEveryEpochs to "
                + $"{(keep / every + 1) * every}, or checkpoint.everyEpochs to 1.";
        }

        var model = config.Model;
        if (model.Channels % model.Heads != 0)
            yield return $"model.channels is {model.Channels} with model.heads {model.Heads}; allowed are multiples of the heads. "
                + $"Set model.channels to {(model.Channels / model.Heads + 1) * model.Heads}, or model.heads to a divisor of "
                + $"{model.Channels}.";

        var weights = config.Loss.Weights;
        if (weights is { Ri: 0, Magnitude: 0, Time: 0, Gan: 0 })
            yield return "loss.weights are all 0; allowed is at least one weight above 0, else the generator has nothing to learn. "
                + "Set for example loss.weights.magnitude=0.9.";

        var data = config.Data;
        if (data.MixInShare > 0 && data.MixIn.Length == 0)
            yield return $"data.mixInShare is {KnobValue.Print(data.MixInShare)} but data.mixIn names no folder. "
                + "Set data.mixIn to the second corpus, or data.mixInShare to 0.";

        if (data.MixIn.Length > 0 && data.MixInShare == 0)
            yield return $"data.mixIn is '{data.MixIn}' but data.mixInShare is 0, so that the second corpus would not be used. "
                + "Set data.mixInShare above 0 (0.2 for example), or remove data.mixIn.";

        if (data.MixIn.Any(char.IsControl))
            yield return "data.mixIn holds a control character; allowed is the path of a folder. Correct the path.";

        if (!IsDevice(config.Train.Device))
            yield return $"train.device is '{config.Train.Device}'; allowed are cpu, cuda and cuda:N with N from 0 to 99. Set for "
                + $"example train.device=cpu.";
    }

    private static IEnumerable<string> Cuts(RunConfig config)
    {
        var seconds = config.Data.TrainCutSeconds;
        var samples = config.TrainCutSamples;
        var found = $"data.trainCutSeconds is {KnobValue.Print(seconds)} s = {Samples(seconds)} samples";
        if (!IsWhole(seconds * RunConfig.SampleRate) || samples % RunConfig.Hop != 0)
        {
            var nearest = Math.Max(1, Math.Round(seconds * RunConfig.SampleRate / RunConfig.Hop)) * RunConfig.Hop / RunConfig.SampleRate;
            yield return $"{found}; allowed are whole hops of {RunConfig.Hop} samples (multiples of 0.00625 s), because the inverse "
                + $"spectrum returns whole hops. "
                + $"The nearest is data.trainCutSeconds={KnobValue.Print(nearest)}.";
        }

        if (samples < 300)
            yield return $"{found}; allowed are at least 300 samples (0.01875 s), because the spectrum reflects 200 samples on both sides. "
                + "Set data.trainCutSeconds to 0.5 for example.";

        if (config.HasDiscriminator && samples < RunConfig.ShortestDiscriminatorCut)
            yield return $"{found} with loss.weights.gan {KnobValue.Print(config.Loss.Weights.Gan)}; allowed are at least "
                + $"{RunConfig.ShortestDiscriminatorCut} samples (0.09375 s), "
                + "because the discriminator halves 16 frames four times. Lengthen the cut, or set loss.weights.gan=0.";

        if (config.HasDiscriminator && samples < RunConfig.ShortestScorableCut)
            yield return $"{found} with loss.weights.gan {KnobValue.Print(config.Loss.Weights.Gan)}; allowed are at least "
                + $"{RunConfig.ShortestScorableCut} samples (0.25 s), "
                + "because PESQ can never score a shorter cut and the discriminator would never train. Lengthen the cut, or set "
                + "loss.weights.gan=0.";

        var evaluation = config.Evaluation.CutSeconds;
        if (!IsWhole(evaluation * RunConfig.SampleRate))
            yield return $"evaluation.cutSeconds is {KnobValue.Print(evaluation)} s = {Samples(evaluation)} samples; allowed are whole "
                + $"samples at 16 kHz. "
                + $"The nearest is "
                + $"evaluation.cutSeconds={KnobValue.Print(Math.Round(evaluation * RunConfig.SampleRate) / RunConfig.SampleRate)}.";
    }

    /// <summary>Whether a text names a device; not whether this machine has it.</summary>
    internal static bool IsDevice(string device) => Device().IsMatch(device);

    private static string Samples(double seconds) => KnobValue.Print(Math.Round(seconds * RunConfig.SampleRate, 6));

    // A decimal fraction of a second times 16 000 is off by a few last bits.
    private static bool IsWhole(double samples) => Math.Abs(samples - Math.Round(samples)) < 1e-6;

    [GeneratedRegex("^(cpu|cuda|cuda:[0-9]{1,2})\\z")]
    private static partial Regex Device();
}
