using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// Short-time objective intelligibility (C. Taal et al., "An Algorithm for Intelligibility Prediction of Time-Frequency Weighted Noisy
/// Speech", IEEE TASLP 2011): correlation of third-octave envelopes over 384 ms, 1 for identical signals.
/// </summary>
/// <remarks>
/// With the conventions behind CMGAN's published values, which differ from the original code and common packages by less than 0.003:
/// frames' levels measured one sample early, one frame fewer, another resampling filter, and no value instead of 1e-5 for too little
/// speech.
/// </remarks>
public static class Stoi
{
    /// <summary>Rate in Hz at which it is measured; others are resampled to it.</summary>
    public const int Rate = 10_000;

    private const int FrameLength = 256,
        Hop = FrameLength / 2,
        FftLength = 512;
    private const int BlockFrames = 30;
    private const double SpeechRange = 40; // dB below the loudest frame that still count as speech
    private static readonly double LowestRatio = 1 + PortableMath.Pow(10, 15.0 / 20); // a cell counts at most 15 dB of distortion

    // First FFT bin of each third-octave band, and the bin after the last band: edges nearest to 150 Hz * 2^((2k +- 1)/6).
    private static readonly int[] BandEdges = [7, 9, 11, 14, 17, 22, 27, 34, 43, 55, 69, 87, 109, 138, 174, 219];

    private static int Bands => BandEdges.Length - 1;

    /// <summary>STOI of <paramref name="enhanced"/> against <paramref name="clean"/>, samples on any scale; the longer is cut to the
    /// shorter.</summary>
    /// <param name="clean">Reference samples.</param>
    /// <param name="enhanced">Processed samples.</param>
    /// <param name="sampleRate">8000, 16000 or another rate with a short resampling filter to 10 kHz
    /// (<see cref="SincResampler.CanMake"/>).</param>
    /// <returns>At most 1, about 0 for unrelated signals; a reason where there are fewer than 31 frames of speech.</returns>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, int sampleRate)
    {
        if (!SincResampler.CanMake(sampleRate, Rate))
            return MetricResult.None(
                UnscorableReason.InvalidSampleRate,
                $"STOI has no value: {sampleRate} Hz is no usual rate to resample to {Rate} Hz from."
            );

        if (MetricInput.Fault("STOI", clean, enhanced) is { } fault)
            return fault;
        double[] x = MetricInput.Cut(clean, enhanced),
            y = MetricInput.Cut(enhanced, clean);
        if (sampleRate != Rate)
        {
            var resampler = new SincResampler(sampleRate, Rate);
            (x, y) = (resampler.Resample(x), resampler.Resample(y));
        }

        double[] window = HannWindow.WithoutEndPoints(FrameLength);
        List<int> speech = SpeechFrames(x, window);
        int frames = speech.Count - 1;
        if (frames < BlockFrames)
            return speech.Count == 0 && x.Length > FrameLength
                ? MetricResult.None(UnscorableReason.SilentReference, "STOI has no value: the clean signal is silent.")
                : MetricResult.None(
                    UnscorableReason.BufferTooShort,
                    $"STOI has no value: the clean signal has {speech.Count} frames of speech, at least {BlockFrames + 1} (0.4 s) are "
                        + $"needed."
                );

        double mean = Correlation(
            Envelopes(OnlySpeech(x, speech, window), window),
            Envelopes(OnlySpeech(y, speech, window), window),
            frames
        );
        return double.IsFinite(mean)
            ? MetricResult.Of(mean)
            : MetricResult.None(UnscorableReason.Undefined, "STOI has no value: a band of a signal is silent for 384 ms.");
    }

    // Starts of the frames within 40 dB of the loudest. Quirk: the level is that of the frame one sample early, whose first sample, for the
    // first frame, is the signal's last one.
    private static List<int> SpeechFrames(double[] clean, double[] window)
    {
        var levels = new List<double>();
        for (int start = 0; start < clean.Length - FrameLength; start += Hop)
        {
            double power = 0;
            for (int i = 0; i < FrameLength; i++)
            {
                double sample = window[i] * clean[start + i > 0 ? start + i - 1 : clean.Length - 1];
                power += sample * sample;
            }

            levels.Add(PortableMath.Decibel(power / FrameLength));
        }

        double loudest = levels.Count == 0 ? double.NegativeInfinity : levels.Max();
        var speech = new List<int>();
        for (int frame = 0; frame < levels.Count; frame++)
        {
            if (levels[frame] - loudest + SpeechRange > 0)
                speech.Add(frame * Hop); // silence minus silence is NaN: not speech
        }

        return speech;
    }

    private static double[] OnlySpeech(double[] signal, List<int> speech, double[] window)
    {
        var kept = new double[Hop * (speech.Count - 1) + FrameLength];
        for (int k = 0; k < speech.Count; k++)
        {
            for (int i = 0; i < FrameLength; i++)
                kept[k * Hop + i] += window[i] * signal[speech[k] + i];
        }

        return kept;
    }

    // Band amplitudes, [band][frame]; one frame fewer than fit.
    private static double[][] Envelopes(double[] signal, double[] window)
    {
        int frames = (signal.Length - FrameLength) / Hop;
        RealFft fft = RealFft.For(FftLength);
        double[] frame = new double[FrameLength],
            re = new double[fft.Bins],
            im = new double[fft.Bins],
            workspace = new double[fft.WorkspaceLength];
        double[][] envelopes = [.. Enumerable.Range(0, Bands).Select(_ => new double[frames])];
        for (int f = 0; f < frames; f++)
        {
            for (int i = 0; i < FrameLength; i++)
                frame[i] = window[i] * signal[f * Hop + i];
            fft.Forward(frame, re, im, workspace);
            for (int band = 0; band < Bands; band++)
            {
                double power = 0;
                for (int bin = BandEdges[band]; bin < BandEdges[band + 1]; bin++)
                    power += re[bin] * re[bin] + im[bin] * im[bin];
                envelopes[band][f] = Math.Sqrt(power);
            }
        }

        return envelopes;
    }

    private static double Correlation(double[][] clean, double[][] enhanced, int frames)
    {
        int blocks = frames - BlockFrames + 1;
        double sum = 0;
        for (int block = 0; block < blocks; block++)
        {
            double bands = 0;
            for (int band = 0; band < Bands; band++)
                bands += Correlation(clean[band].AsSpan(block, BlockFrames), enhanced[band].AsSpan(block, BlockFrames));
            sum += bands / Bands;
        }

        return sum / blocks;
    }

    // Correlation coefficient of one block and band, the enhanced envelope brought to the clean one's energy and limited.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double xx = 0,
            yy = 0;
        for (int i = 0; i < BlockFrames; i++)
        {
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }

        double gain = Math.Sqrt(xx / yy),
            meanX = 0,
            meanY = 0;
        Span<double> limited = stackalloc double[BlockFrames];
        for (int i = 0; i < BlockFrames; i++)
        {
            limited[i] = Math.Min(gain * y[i], x[i] * LowestRatio);
            meanX += x[i];
            meanY += limited[i];
        }

        meanX /= BlockFrames;
        meanY /= BlockFrames;
        double cross = 0,
            powerX = 0,
            powerY = 0;
        for (int i = 0; i < BlockFrames; i++)
        {
            double dx = x[i] - meanX,
                dy = limited[i] - meanY;
            cross += dx * dy;
            powerX += dx * dx;
            powerY += dy * dy;
        }

        return cross / (Math.Sqrt(powerX) * Math.Sqrt(powerY));
    }
}
