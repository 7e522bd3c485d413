using System.Globalization;
using SpeechGan.Regression;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>
/// How far the scenario may be off on a host other than the golden's. Measured by tools/measure-golden-spread: the largest distance of
/// runs that differ only in what another machine may have from the run of the same seed as it is. Three times that is allowed: twice, because
/// the golden's machine and another one may lie on opposite sides; the rest for kernels that were not measured.
/// </summary>
internal static class ShortEpochTolerances
{
    private const double Factor = 3;

    private static readonly (string Name, double Spread)[] Measured =
    [
        ("loss.ri", 5.3e-5), ("loss.magnitude", 1.1e-5), ("loss.time", 1.3e-4), ("loss.gan", 3.4e-4), ("loss.total", 2.6e-5), ("discriminatorLoss", 1.3e-3),
        ("mean.pesq_wb", 2.6e-3), ("mean.si_sdr", 0.022), ("utterance.pesq_wb", 5.2e-3), ("utterance.si_sdr", 0.025),
    ];

    /// <summary>As a golden has them.</summary>
    public static Tolerances All { get; } = new()
    {
        All = [.. Measured.Select(m => new Tolerance(m.Name, Factor * m.Spread, string.Create(CultureInfo.InvariantCulture,
            $"{Factor} x {m.Spread:R}, the largest distance over 3 seeds and 12 settings of threads, vector kernels and BLAS (tools/measure-golden-spread)")))],
    };
}
