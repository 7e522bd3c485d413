using System.Globalization;
using System.Text.RegularExpressions;
using SpeechGan.Configuration;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>The line to type that a finding's advice comes down to, where there is one.</summary>
internal static partial class NextCommand
{
    /// <summary>The command of an advice; null where a person has to decide or to write something first.</summary>
    /// <param name="advice">What to do, in a sentence, settings as <c>--set key=value</c>.</param>
    /// <param name="run">The run it is about.</param>
    public static string? Of(string advice, RunRecord run)
    {
        string[] settings = [.. Setting().Matches(advice).Select(m => m.Value)];
        var root = run.Root.Length > 0 ? run.Root : "RUN";
        if (settings.Length > 0)
            return $"speechgan train --config {Quoted(Path.Combine(root, RunFolder.ConfigName))} --data {DataOf(run)} --out "
                + $"{Quoted(root + "-again")} {string.Join(" ", settings)}";
        if (Audit().Match(advice) is { Success: true } audit)
            return audit.Value;
        if (advice.Contains("speechgan bisect commits", StringComparison.Ordinal))
            return $"speechgan bisect commits --scenario healthy --good GOOD --bad {run.Info.GitCommit ?? "HEAD"}";
        if (advice.Contains("speechgan diagnose RUN --probe", StringComparison.Ordinal))
            return $"speechgan diagnose {Quoted(root)} --probe";
        if (advice.Contains("speechgan doctor", StringComparison.Ordinal))
            return "speechgan doctor";
        return null;
    }

    /// <summary>The run's corpus as a command takes it; <c>DIR</c> where the record does not name it.</summary>
    public static string DataOf(RunRecord run) => run.Info.Data is { } data ? Quoted(data) : "DIR";

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    /// <summary>A lower learning rate as a setting: the preset's where the run's is above it, else a tenth of the run's.</summary>
    /// <param name="config">The run's configuration; null where it cannot be read.</param>
    /// <param name="discriminator">Whether the discriminator's is meant.</param>
    public static string LowerRate(RunConfig? config, bool discriminator = false)
    {
        var key = discriminator ? "optimizer.discriminatorLearningRate" : "optimizer.generatorLearningRate";
        if (config is null)
            return key;
        double Rate(RunConfig c) => discriminator ? c.Optimizer.DiscriminatorLearningRate : c.Optimizer.GeneratorLearningRate;
        var preset = Presets.Names.Contains(config.Preset) ? Rate(RunConfig.FromPreset(config.Preset)) : double.PositiveInfinity;
        return string.Create(CultureInfo.InvariantCulture, $"--set {key}={(Rate(config) > preset ? preset : Rate(config) / 10):G3}");
    }

    [GeneratedRegex("--set [A-Za-z]+(?:[.][A-Za-z]+)+=[^ ,;)]*[^ .,;:)]")]
    private static partial Regex Setting();

    [GeneratedRegex("speechgan audit --data (?:\"[^\"]+\"|[^ ;,)]+)(?: --all| --json)?")]
    private static partial Regex Audit();
}
