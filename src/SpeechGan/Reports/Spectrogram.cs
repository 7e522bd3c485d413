using SpeechGan.Dsp;

namespace SpeechGan.Reports;

/// <summary>
/// A spectrogram to look at: Hann windows of 32 ms, 0 to 8 kHz at 16 kHz, 80 dB below full scale to full scale on a fixed scale, so that pictures of one
/// utterance can be compared by eye.
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

    // Viridis (matplotlib, CC0): brightness rises evenly, also for colour-blind eyes and on grey paper.
    private static readonly (double Red, double Green, double Blue)[] Anchors =
        [(68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121), (109, 205, 89), (180, 222, 44), (253, 231, 37)];

    /// <summary>The picture as a PNG file, low frequencies at the bottom.</summary>
    /// <param name="samples">At least one sample, full scale -1 .. 1.</param>
    public static byte[] Png(ReadOnlySpan<float> samples)
    {
        var width = Math.Clamp(samples.Length / (Window / 4), 1, WidestImage);
        var pixels = new byte[width * Height];
        var fft = RealFft.For(Window);
        double[] frame = new double[Window], real = new double[fft.Bins], imaginary = new double[fft.Bins], workspace = new double[fft.WorkspaceLength];
        for (var column = 0; column < width; column++)
        {
            var start = width == 1 ? 0 : (int)((long)column * Math.Max(0, samples.Length - Window) / (width - 1));
            for (var i = 0; i < Window; i++)
            {
                frame[i] = start + i < samples.Length ? samples[start + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Window))) : 0;
            }

            fft.Forward(frame, real, imaginary, workspace);
            for (var row = 0; row < Height; row++)
            {
                var bin = 2 * (Height - 1 - row);
                var power = Math.Max(Power(bin), Power(bin + 1));
                var level = power > 0 ? Math.Clamp(1 - (10 * Math.Log10(power) / FloorDecibels), 0, 1) : 0;
                pixels[(row * width) + column] = (byte)Math.Round(level * (Levels - 1));
            }
        }

        return PngImage.Encode(width, Height, pixels, Palette());

        // A full-scale sine has a peak of a quarter of the window under a Hann window.
        double Power(int bin) => ((real[bin] * real[bin]) + (imaginary[bin] * imaginary[bin])) / (Window / 4.0 * (Window / 4.0));
    }

    private static List<(byte Red, byte Green, byte Blue)> Palette()
    {
        var colours = new List<(byte, byte, byte)>();
        for (var level = 0; level < Levels; level++)
        {
            var at = (double)level / (Levels - 1) * (Anchors.Length - 1);
            var low = Math.Min((int)at, Anchors.Length - 2);
            var (from, to, share) = (Anchors[low], Anchors[low + 1], at - low);
            colours.Add((Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue)));

            byte Mix(double a, double b) => (byte)Math.Round(a + ((b - a) * share));
        }

        return colours;
    }
}
