using SkiaSharp;
using SpeechGan.Reports;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class SpectrogramTests
{
    [Test]
    public void A_full_scale_sine_is_one_bright_row_at_its_frequency()
    {
        float[] sine = [.. Enumerable.Range(0, 16000).Select(i => (float)Math.Sin(2 * Math.PI * 2000 * i / 16000))];
        using var picture = SKBitmap.Decode(Spectrogram.Png(sine));
        (picture.Width, picture.Height).Should().Be((125, Spectrogram.Height));
        var column = Enumerable.Range(0, picture.Height).Select(r => Brightness(picture.GetPixel(picture.Width / 2, r))).ToList();
        column.IndexOf(column.Max()).Should().Be(picture.Height - 1 - (2000 * Spectrogram.Window / 16000 / 2));
        picture.GetPixel(picture.Width / 2, column.IndexOf(column.Max())).Should().Be(Colour(1), "0 dB is the top of the scale");
        column.Count(b => b > column.Max() / 2).Should().BeLessThan(6);
    }

    [TestCase(1, 1)]
    [TestCase(511, 3)]
    [TestCase(200_000, 400)]
    public void Short_long_and_silent_signals_have_a_picture(int samples, int width)
    {
        using var picture = SKBitmap.Decode(Spectrogram.Png(new float[samples]));
        (picture.Width, picture.Height).Should().Be((width, Spectrogram.Height));
        picture.Pixels.Should().OnlyContain(p => p == Colour(0), "silence is the bottom of the scale");
    }

    [Test]
    public void A_picture_is_the_same_bytes_twice_and_small()
    {
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, 64000).Select(_ => (float)(0.1 * (random.NextDouble() - 0.5)))];
        var file = Spectrogram.Png(noise);
        Spectrogram.Png(noise).Should().Equal(file);
        TestContext.Out.WriteLine($"{file.Length} bytes for 4 s of noise");
    }

    private static SKColor Colour(double level) =>
        new ScottPlot.Colormaps.Viridis().GetColor(level) is var c ? new SKColor(c.R, c.G, c.B) : default;

    private static double Brightness(SKColor colour) => (0.2126 * colour.Red) + (0.7152 * colour.Green) + (0.0722 * colour.Blue);
}
