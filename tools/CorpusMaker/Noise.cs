using SpeechGan.Dsp;

namespace SpeechGan.CorpusMaker;

/// <summary>Noise of our own making at 16 kHz; every realisation follows from its name.</summary>
internal sealed class Noise(IReadOnlyList<float[]> talkers)
{
    private const int Rate = 16_000;

    /// <summary>Makes one realisation; its level is arbitrary.</summary>
    internal double[] Make(string kind, string name, int samples)
    {
        ulong stream = CounterRandom.Stream(name);
        return kind switch
        {
            "white" => White(stream, samples),
            "pink" => Pink(stream, samples),
            "hum" => Hum(stream, samples),
            "fan" => Fan(stream, samples),
            "clicks" => Clicks(stream, samples),
            "babble" => Babble(stream, samples),
            _ => throw new ArgumentException($"There is no noise of kind {kind}.", nameof(kind)),
        };
    }

    private static double Uniform(ulong stream, long index, int draw = 0) => CounterRandom.Double(1, stream, 0, index, draw);

    // The sum of twelve uniform numbers is near enough to normal, and needs no logarithm, whose last bit differs between machines.
    private static double[] White(ulong stream, int samples)
    {
        var noise = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            double sum = -6;
            for (int draw = 0; draw < 12; draw++)
                sum += Uniform(stream, i, draw);
            noise[i] = sum;
        }
        return noise;
    }

    // -3 dB an octave: the sum of first-order low-pass filters at octave distances, with 0.1 s to settle.
    private static double[] Pink(ulong stream, int samples)
    {
        double[] white = White(stream, samples + 1600),
            poles = [0.998, 0.992, 0.97, 0.89, 0.6],
            state = new double[5],
            noise = new double[samples];
        for (int i = 0; i < white.Length; i++)
        {
            double sum = 0.15 * white[i];
            for (int k = 0; k < poles.Length; k++)
            {
                state[k] = (poles[k] * state[k]) + (Math.Sqrt(1 - poles[k]) * white[i]);
                sum += state[k] * Math.Sqrt(1 - poles[k]) * (1 << k) * 0.5;
            }
            if (i >= 1600)
                noise[i - 1600] = sum;
        }
        return noise;
    }

    // Mains hum: 50 or 60 Hz with 24 harmonics of falling level, on a faint hiss.
    private static double[] Hum(ulong stream, int samples)
    {
        double[] noise = White(stream, samples);
        double hertz = Uniform(stream, -1) < 0.5 ? 50 : 60;
        for (int i = 0; i < samples; i++)
            noise[i] *= 0.06;
        for (int harmonic = 1; harmonic <= 24; harmonic++)
        {
            double level = (0.4 + Uniform(stream, -1 - harmonic)) / Math.Sqrt(harmonic),
                phase = 2 * Math.PI * Uniform(stream, -100 - harmonic);
            for (int i = 0; i < samples; i++)
                noise[i] += level * Math.Sin((2 * Math.PI * hertz * harmonic * i / Rate) + phase);
        }
        return noise;
    }

    // Air through a fan: noise below about 1 kHz, a resonance of the case, a little hiss, slightly louder as each blade passes.
    private static double[] Fan(ulong stream, int samples)
    {
        double[] white = White(stream, samples + 1600),
            noise = new double[samples];
        double blades = 15 + (20 * Uniform(stream, -1)),
            case1 = 300 + (300 * Uniform(stream, -2)),
            low = 0,
            y1 = 0,
            y2 = 0;
        const double radius = 0.985;
        double turn = 2 * radius * Math.Cos(2 * Math.PI * case1 / Rate);
        for (int i = 0; i < white.Length; i++)
        {
            low += 0.33 * (white[i] - low);
            double y = (0.12 * white[i]) + (turn * y1) - (radius * radius * y2);
            (y2, y1) = (y1, y);
            if (i >= 1600)
                noise[i - 1600] = (low + (0.5 * y) + (0.15 * white[i])) * (1 + (0.25 * Math.Sin(2 * Math.PI * blades * i / Rate)));
        }
        return noise;
    }

    // About eight clicks a second, each a burst of noise that dies away within milliseconds, on a faint hiss.
    private static double[] Clicks(ulong stream, int samples)
    {
        double[] white = White(stream, samples),
            noise = new double[samples];
        double burst = 0;
        for (int i = 0; i < samples; i++)
        {
            if (Uniform(stream, i, 20) < 8.0 / Rate)
                burst = 0.5 + Uniform(stream, i, 21);
            noise[i] = white[i] * (burst + 0.03);
            burst *= 0.985;
        }
        return noise;
    }

    // Every talker begins somewhere else and goes round.
    private double[] Babble(ulong stream, int samples)
    {
        var noise = new double[samples];
        for (int t = 0; t < talkers.Count; t++)
        {
            float[] talker = talkers[t];
            int start = (int)(Uniform(stream, t) * talker.Length);
            double level = 0.6 + (0.8 * Uniform(stream, t, 1));
            for (int i = 0; i < samples; i++)
                noise[i] += level * talker[(start + i) % talker.Length];
        }
        return noise;
    }
}
