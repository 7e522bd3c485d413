using SpeechGan.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>Both ways are timed with right convolutions: where libtorch's oneDNN computes wrong ones on this machine, it is left
/// out.</summary>
internal static class Convolutions
{
    // Of values near 1 in float32 with 144 products a value; wrong ones were off by 20.
    private const double Allowed = 1e-3;

    /// <summary>Tries the shapes of the networks against float64, and switches oneDNN off where one is wrong.</summary>
    /// <returns>What was found, a sentence.</returns>
    public static string MakeRight()
    {
        var (worst, where) = Worst();
        if (worst < Allowed)
            return $"Convolutions: oneDNN, right within {worst:G2}.";
        var paths = LibraryPaths.OfLibtorch();
        paths.Switch(LibraryPath.OneDnn, on: false);
        paths.Switch(LibraryPath.Nnpack, on: false); // else it prints a warning for each
        var (without, still) = Worst();
        return without < Allowed
            ? $"Convolutions: oneDNN is wrong here by {worst:G2} ({where}) and is off; without it right within {without:G2}."
            : throw new InvalidOperationException(
                $"Convolutions are wrong here with oneDNN by {worst:G2} ({where}) and without it by {without:G2} ({still}): nothing "
                    + $"can be compared."
            );
    }

    private static (double Worst, string Where) Worst()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        (double, string) worst = (0, "");
        foreach (
            var (from, to, dilation) in new (long, long, long)[] { (8, 8, 1), (24, 8, 4), (16, 8, 2), (8, 1, 1), (64, 64, 1), (16, 16, 8) }
        )
        {
            Tensor image = randn(1, from, 21, 33),
                weight = randn(to, from, 2, 3) / Math.Sqrt(6 * from),
                direction = randn(1, to, 21 - dilation, 31);
            var (y, gx, gw) = Run(image, weight, direction, dilation, float32);
            var (y64, gx64, gw64) = Run(image, weight, direction, dilation, float64);
            foreach (
                var (found, expected, what) in new[] { (y, y64, "output"), (gx, gx64, "input gradient"), (gw, gw64, "weight gradient") }
            )
            {
                var off = (found.to(float64) - expected).abs().max().ToDouble() / expected.abs().max().ToDouble();
                if (!(off <= worst.Item1))
                    worst = (double.IsNaN(off) ? double.PositiveInfinity : off, $"{from} to {to} channels, dilation {dilation}, {what}");
            }
        }
        return worst;
    }

    private static (Tensor, Tensor, Tensor) Run(Tensor image, Tensor weight, Tensor direction, long dilation, ScalarType type)
    {
        Tensor x = image.to(type).detach().clone().requires_grad_(true),
            w = weight.to(type).detach().clone().requires_grad_(true);
        var y = nn.functional.conv2d(x, w, dilation: [dilation, 1]);
        (y * direction.to(type)).sum().backward();
        return (y.detach(), x.grad!, w.grad!);
    }
}
