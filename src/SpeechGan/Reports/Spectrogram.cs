using SpeechGan.Dsp;

namespace SpeechGan.Reports;

/// <summary>
/// A spectrogram to look at: Hann windows of 32 ms, 0 to 8 kHz at 16 kHz, 80 dB below full scale to full scale on a fixed scale, so that
/// pictures of one utterance can be compared by eye.
/// </summary>
internal static class Spectrogram
{
    /// <summary>Samples of a window.</summary>
    public const int Window = 512;

    /// <summary>Level of the darkest colour, dB relative to a full-scale sine.</summary>
    public const double FloorDecibels = -80;

    /// <summary>Rows: pairs of bins.</summary>
    public const int Height = Window / 4;

    private const int WidestImage = 400;
    private const int Levels = 48; // finer steps cannot be told apart and cost bytes

    // Brightness rises evenly, also for colour-blind eyes and on grey paper.
    private static readonly ScottPlot.Color[] Palette =
    [
        .. Enumerable.Range(0, Levels).Select(level => new ScottPlot.Colormaps.Viridis().GetColor((double)level / (Levels - 1))),
    ];

    /// <summary>The picture as a PNG file, low frequencies at the bottom.</summary>
    /// <param name="samples">At least one sample, full scale -1 .. 1.</param>
    public static byte[] Png(ReadOnlySpan<float> samples)
    {
        var width = Math.Clamp(samples.Length / (Window / 4), 1, WidestImage);
        var pixels = new byte[Height, width, 3];
        var fft = RealFft.For(Window);
        double[] frame = new double[Window],
            real = new double[fft.Bins],
            imaginary = new double[fft.Bins],
            workspace = new double[fft.WorkspaceLength];
        for (var column = 0; column < width; column++)
        {
            var start = width == 1 ? 0 : (int)((long)column * Math.Max(0, samples.Length - Window) / (width - 1));
            for (var i = 0; i < Window; i++)
                frame[i] = start + i < samples.Length ? samples[start + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window))) : 0;

            fft.Forward(frame, real, imaginary, workspace);
            for (var row = 0; row < Height; row++)
            {
                var bin = 2 * (Height - 1 - row);
                var power = Math.Max(Power(bin), Power(bin + 1));
                var level = power > 0 ? Math.Clamp(1 - (10 * Math.Log10(power) / FloorDecibels), 0, 1) : 0;
                var colour = Palette[(int)Math.Round(level * (Levels - 1))];
                (pixels[row, column, 0], pixels[row, column, 1], pixels[row, column, 2]) = (colour.R, colour.G, colour.B);
            }
        }

        using var image = new ScottPlot.Image(pixels);
        return image.GetImageBytes(ScottPlot.ImageFormat.Png);

        // A full-scale sine has a peak of a quarter of the window under a Hann window.
        double Power(int bin) => ((real[bin] * real[bin]) + (imaginary[bin] * imaginary[bin])) / (Window / 4.0 * (Window / 4.0));
    }
}
