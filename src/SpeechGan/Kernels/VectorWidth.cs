using System.Runtime.Intrinsics;

namespace SpeechGan.Kernels;

/// <summary>How many bits the kernels' vectors have. Sums are taken in an order that depends on it, so that it decides bits.</summary>
internal enum VectorWidth
{
    /// <summary>Any processor; without vector instructions the runtime does the same number by number.</summary>
    Bits128,

    /// <summary>AVX2.</summary>
    Bits256,

    /// <summary>AVX-512.</summary>
    Bits512,
}

/// <summary>Which widths this processor has.</summary>
internal static class VectorWidths
{
    /// <summary>The widest there is, or a lower one where ATEN_CPU_CAPABILITY asks for it, as libtorch's own kernels do.</summary>
    public static VectorWidth Best { get; } = Choose(Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY"));

    /// <summary>Whether the processor has it.</summary>
    public static bool Has(VectorWidth width) =>
        width switch
        {
            VectorWidth.Bits512 => Vector512.IsHardwareAccelerated,
            VectorWidth.Bits256 => Vector256.IsHardwareAccelerated,
            _ => true,
        };

    /// <summary>As it is written in fingerprints: `avx512`, `avx2` or `baseline`.</summary>
    public static string Name(this VectorWidth width) =>
        width switch
        {
            VectorWidth.Bits512 => "avx512",
            VectorWidth.Bits256 => "avx2",
            _ => "baseline",
        };

    /// <summary>The widest that is allowed and there.</summary>
    /// <param name="asked">`default`, `avx2`, `avx512`, or null for the default.</param>
    internal static VectorWidth Choose(string? asked)
    {
        var most = asked switch
        {
            "default" or "baseline" => VectorWidth.Bits128,
            "avx2" => VectorWidth.Bits256,
            _ => VectorWidth.Bits512,
        };
        return new[] { VectorWidth.Bits512, VectorWidth.Bits256 }.FirstOrDefault(w => w <= most && Has(w), VectorWidth.Bits128);
    }
}
