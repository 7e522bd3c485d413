using System.Collections.Concurrent;
using SpeechGan.Data;

namespace SpeechGan.CorpusMaker;

/// <summary>Every voice's phrases and half a minute of every noise, each made when it is first wanted and cut and mixed many times; 400 MB
/// when all are there. Safe for several threads.</summary>
internal sealed class SoundPool
{
    private const int NoiseSeconds = 30,
        NoiseRate = 16_000;

    // Noise and speech of our own making end at 8 and 11 kHz; recordings at 48 kHz do not.
    private const double HissDecibels = -40;

    private readonly ConcurrentDictionary<(int Speaker, int Kind, int Phrase), Lazy<float[]>> phrases = new();
    private readonly Lazy<float[]>[] noises;
    private readonly Espeak espeak;
    private readonly Lazy<float[]> hiss = new(() => Noise(new Noise([]), "white", "hiss"));

    /// <summary>Makes a pool in which nothing is yet.</summary>
    /// <param name="espeak">Speaks.</param>
    internal SoundPool(Espeak espeak)
    {
        this.espeak = espeak;
        var maker = new Lazy<Noise>(() =>
        {
            float[][] talkers = [.. Script.Babble.Select(b => espeak.Speak(b.Voice, 160, 50, b.Sentence, NoiseRate))];
            foreach (float[] talker in talkers)
                Signal.Scale(talker, -26);
            return new Noise(talkers);
        });
        noises =
        [
            .. FullSizePlan.Noises.Select(
                (source, i) => new Lazy<float[]>(() => WithHiss(Noise(maker.Value, source.Kind, source.Name), Hiss, i))
            ),
        ];
    }

    /// <summary>White noise at 0 dB of full scale (power), to be read round: that of a room and a microphone under the speech.</summary>
    internal float[] Hiss => hiss.Value;

    /// <summary>A noise at 0 dB of full scale (power), to be read round.</summary>
    internal float[] NoiseOf(int noise) => noises[noise].Value;

    /// <summary>A phrase of a voice.</summary>
    internal float[] Phrase(int speaker, int kind, int phrase) =>
        phrases
            .GetOrAdd((speaker, kind, phrase), key => new Lazy<float[]>(() =>
            {
                Speaker voice = FullSizePlan.Speakers[key.Speaker];
                return espeak.Speak(
                    voice.Voice,
                    voice.WordsPerMinute,
                    voice.Pitch,
                    Phrases.Of(voice.Part)[key.Kind][key.Phrase],
                    FullSizePlan.Rate
                );
            }))
            .Value;

    private static float[] Noise(Noise maker, string kind, string name)
    {
        double[] noise = maker.Make(kind, name, NoiseSeconds * NoiseRate);
        float[] samples = new Resampler(NoiseRate, FullSizePlan.Rate).Resample([.. noise.Select(n => (float)n)]);
        Signal.Scale(samples, 0);
        return samples;
    }

    // The hiss ends at 8 kHz too; with its sign turned at every second sample its band begins at 16 kHz.
    private static float[] WithHiss(float[] noise, float[] hiss, int start)
    {
        float gain = (float)Math.Pow(10, HissDecibels / 20);
        for (int i = 0; i < noise.Length; i++)
            noise[i] += gain * (i % 2 == 0 ? 1 : -1) * hiss[(i + (start * FullSizePlan.Rate)) % hiss.Length];
        return noise;
    }
}
