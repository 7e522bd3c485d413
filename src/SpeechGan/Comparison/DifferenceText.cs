using System.Globalization;

namespace SpeechGan.Comparison;

/// <summary>A difference as people read it: four decimals, and three digits with an exponent where these would show none of it.</summary>
public static class DifferenceText
{
    private const double SmallestShown = 0.00005;

    /// <summary>A value that is compared; "none" where it was not measured.</summary>
    public static string Number(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "none";

    /// <summary>The difference with its sign; 0 only where it is 0.</summary>
    public static string Signed(double value) =>
        value != 0 && Math.Abs(value) < SmallestShown
            ? value.ToString("+0.00E-00;-0.00E-00", CultureInfo.InvariantCulture)
            : value.ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture);
}
