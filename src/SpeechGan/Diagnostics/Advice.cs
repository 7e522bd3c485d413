using System.Text.RegularExpressions;
using SpeechGan.Configuration;

namespace SpeechGan.Diagnostics;

/// <summary>What a finding says to do next, for the run at hand: a setting that the run already has is no advice.</summary>
internal static partial class Advice
{
    /// <summary>The finding, its advice without settings that the run has.</summary>
    /// <param name="finding">As the theory put it.</param>
    /// <param name="config">The run's configuration; null where it cannot be read.</param>
    /// <param name="imported">Whether another trainer made the run: a setting of this program is then to be found in that one.</param>
    public static Finding Fitting(Finding finding, RunConfig? config, bool imported = false)
    {
        if (imported)
        {
            if (finding.NextAction.Contains(Option, StringComparison.Ordinal) || Knob().IsMatch(finding.NextAction))
                return finding with
                {
                    NextAction =
                        $"{finding.NextAction} (These are this program's settings; change the same in your trainer: docs/foreign-runs.md.)",
                };
            return finding;
        }
        if (config is null || !finding.NextAction.Contains(Option, StringComparison.Ordinal))
            return finding;
        return finding with
        {
            NextAction = Setting()
                .Replace(finding.NextAction, m =>
                    Has(config, m.Groups[1].Value)
                        ? $"{m.Groups[1].Value} is set already: the program does something else than it is told"
                        : m.Value
                ),
        };
    }

    private const string Option = "--set ";

    private static bool Has(RunConfig config, string setting)
    {
        try
        {
            return config.With([setting]) == config;
        }
        catch (ConfigException)
        {
            return false; // advice with a place holder
        }
    }

    [GeneratedRegex("(optimizer|loss|metric|data|evaluation|model|discriminator)[.][a-z]")]
    private static partial Regex Knob();

    [GeneratedRegex("--set ([A-Za-z]+(?:[.][A-Za-z]+)+=[^ ,;)]*[^ .,;)])")]
    private static partial Regex Setting();
}
