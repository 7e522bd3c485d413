namespace SpeechGan.CorpusMaker;

/// <summary>Levels of signals, and speech with noise.</summary>
internal static class Signal
{
    /// <summary>Power of the whole signal, dB of full scale.</summary>
    internal static double Level(float[] samples) => 10 * Math.Log10(samples.Sum(s => (double)s * s) / samples.Length);

    /// <summary>Brings a signal to a level, in place.</summary>
    internal static void Scale(float[] samples, double decibels)
    {
        double gain = Math.Pow(10, (decibels - Level(samples)) / 20);
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (float)(samples[i] * gain);
    }

    /// <summary>Speech and noise of the same length, the noise at a level, dB of full scale.</summary>
    internal static float[] Mix(float[] clean, double[] noise, double decibels)
    {
        double gain = Math.Pow(10, decibels / 20) / Math.Sqrt(noise.Sum(n => n * n) / noise.Length);
        return [.. clean.Zip(noise, (c, n) => (float)(c + (gain * n)))];
    }
}
