using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Pitch power densities of frames: power spectra summed into Bark bands (section 11.2 of docs/pesq-algorithm.md).</summary>
internal sealed class BarkSpectrum
{
    private readonly RateTable table;
    private readonly FftTally tally;
    private readonly FrameSpectrum spectrum;
    private readonly double[] re,
        im;

    internal BarkSpectrum(RateTable table, FftTally tally)
    {
        this.tally = tally;
        this.table = table;
        spectrum = new FrameSpectrum(table.Frame);
        re = new double[spectrum.Bins];
        im = new double[spectrum.Bins];
    }

    /// <summary>Band powers of the frame that starts at <paramref name="start"/>.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal void Measure(ReadOnlySpan<float> signal, int start, Span<float> bands)
    {
        double[] re = this.re,
            im = this.im;
        tally.Add(table.Frame, 1);
        spectrum.Measure(signal.Slice(start, table.Frame), re, im);
        re[0] = im[0] = 0; // quirk: no DC, yet the bin counts for band 0
        int bin = 0;
        for (int k = 0; k < bands.Length; k++)
        {
            double sum = 0;
            for (int end = bin + table.BinsPerBand[k]; bin < end; bin++)
                sum += re[bin] * re[bin] + im[bin] * im[bin];
            bands[k] = (float)(sum * table.PowerCorrection[k] * table.PowerScale);
        }
    }

    /// <summary>
    /// Power that lies above <paramref name="factor"/> times the threshold of hearing (section 11.3). Quirk: band 0 is left out.
    /// </summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static double Audible(ReadOnlySpan<float> bands, double factor, double[] threshold)
    {
        double sum = 0;
        for (int k = 1; k < bands.Length; k++)
        {
            if (bands[k] > factor * threshold[k])
                sum += bands[k];
        }

        return sum;
    }
}
