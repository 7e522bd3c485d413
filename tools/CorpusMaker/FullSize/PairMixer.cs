using SpeechGan.Dsp;

namespace SpeechGan.CorpusMaker;

/// <summary>Makes the samples of a pair: phrases of its voice one after another, and a cut of its noise.</summary>
/// <param name="pool">Voices and noises.</param>
/// <param name="seed">The corpus' seed.</param>
internal sealed class PairMixer(SoundPool pool, int seed)
{
    private const double RoomDecibels = -72; // of full scale: recordings of VoiceBank are about as quiet in their pauses
    private const float Loudest = 0.98f;
    private const int Pause = FullSizePlan.Rate / 10;

    private static readonly ulong Stream = CounterRandom.Stream("full-size/pair");

    /// <summary>Both sides, 16-bit samples.</summary>
    internal (short[] Clean, short[] Noisy) Make(PlannedPair pair)
    {
        var clean = Speech(pair);
        // From -32 to -26 dB of full scale, so that a model meets different levels and noise at 0 dB fits.
        Signal.Scale(clean, -32 + (6 * Uniform(pair, 0)));
        Add(clean, pool.Hiss, Below(pair, 1, pool.Hiss.Length), RoomDecibels);
        var noisy = (float[])clean.Clone();
        float[] noise = pool.NoiseOf(pair.Noise);
        Add(noisy, noise, Below(pair, 2, noise.Length), Signal.Level(clean) - pair.Decibels);
        float peak = Math.Max(clean.Max(MathF.Abs), noisy.Max(MathF.Abs)),
            gain = peak > Loudest ? Loudest / peak : 1;
        return (Pcm(clean, gain), Pcm(noisy, gain));
    }

    private float[] Speech(PlannedPair pair)
    {
        string[][] kinds = Phrases.Of(pair.Part);
        var phrases = new List<float[]>();
        int length = 2 * Pause;
        for (int k = 0; ; k++)
        {
            int kind = k % kinds.Length;
            float[] phrase = pool.Phrase(pair.Speaker, kind, Below(pair, 10 + k, kinds[kind].Length));
            if (length + phrase.Length > pair.Samples && phrases.Count > 0)
                break;
            // A pair that is shorter than its first phrase is a cut of it.
            phrases.Add(phrase.Length + length > pair.Samples ? phrase[..(pair.Samples - length)] : phrase);
            length += phrase.Length + (kind == kinds.Length - 1 ? 2 * Pause : 0);
        }
        // What is left is the pause before and behind.
        var speech = new float[pair.Samples];
        int at = (pair.Samples - phrases.Sum(p => p.Length) - (2 * Pause * ((phrases.Count - 1) / kinds.Length))) / 2;
        for (int k = 0; k < phrases.Count; k++)
        {
            phrases[k].CopyTo(speech, at);
            at += phrases[k].Length + (k % kinds.Length == kinds.Length - 1 ? 2 * Pause : 0);
        }
        return speech;
    }

    private static void Add(float[] samples, float[] noise, int start, double decibels)
    {
        float gain = (float)Math.Pow(10, decibels / 20);
        for (int i = 0; i < samples.Length; i++)
            samples[i] += gain * noise[(start + i) % noise.Length];
    }

    private static short[] Pcm(float[] samples, float gain)
    {
        var pcm = new short[samples.Length];
        for (int i = 0; i < pcm.Length; i++)
            pcm[i] = (short)MathF.Round(gain * samples[i] * 32768f);
        return pcm;
    }

    private double Uniform(PlannedPair pair, int draw) => CounterRandom.Double(seed, Stream, 0, pair.Number, draw);

    private int Below(PlannedPair pair, int draw, int bound) => (int)(Uniform(pair, draw) * bound);
}
