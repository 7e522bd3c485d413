using System.Globalization;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The share of trials that lie, as --flaky of `bisect commits` and of `bisect config` has it.</summary>
internal static class FlakyRate
{
    /// <summary>Refuses a share at which trials tell nothing.</summary>
    /// <exception cref="UsageException">It is below 0, or 0.5 and more.</exception>
    public static void Require(double rate)
    {
        if (rate is not (>= 0 and < 0.5))
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--flaky is {rate}; allowed is 0 to below 0.5, the share of trials with a wrong outcome."
                )
            );
    }
}
