using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>
/// Where rounding ends and a wrong kernel begins. The rounding error of a sum of n terms of one size, relative to the largest of many such
/// sums, grows as the root of n times the unit roundoff (Higham and Mary, "A new approach to probabilistic rounding error analysis", 2019).
/// </summary>
internal static class CheckLimit
{
    // docs/kernels.md has the healthy figures: they reach an eighth of this at most. Wrong kernels were seen 10^4 times above it.
    private const double Roundings = 16;

    /// <summary>Largest relative error that is rounding.</summary>
    /// <param name="terms">Length of the longest sum.</param>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="device">Where it was computed.</param>
    public static double Of(long terms, ScalarType type, Device device) => Roundings * Math.Sqrt(terms) * UnitRoundoff(type, device);

    // GPUs may multiply with TensorFloat-32's 10 bits after the point where that is allowed.
    private static double UnitRoundoff(ScalarType type, Device device) =>
        Math.ScaleB(
            1,
            type switch
            {
                ScalarType.Float64 => -53,
                _ when device.type != TorchSharp.DeviceType.CPU && (backends.cudnn.allow_tf32 || backends.cuda.matmul.allow_tf32) => -11,
                _ => -24,
            }
        );
}
