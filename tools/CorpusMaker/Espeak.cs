using System.Diagnostics;
using SpeechGan.Data;

namespace SpeechGan.CorpusMaker;

/// <summary>Speech of espeak-ng, a process a sentence. Safe for several threads.</summary>
/// <param name="work">Scratch folder, which is there.</param>
internal sealed class Espeak(string work)
{
    // What is quieter is the pause before or behind a sentence.
    private const float Audible = 0.003f;
    private int spoken;

    /// <summary>Its own words about its version.</summary>
    internal static string Version => Run("--version").Split("  ")[0].Trim();

    /// <summary>A sentence, with 20 ms of the pauses that espeak-ng puts around it: long ones would make random cuts silent.</summary>
    /// <param name="voice">Name of a voice.</param>
    /// <param name="wordsPerMinute">How fast.</param>
    /// <param name="pitch">0 .. 99.</param>
    /// <param name="sentence">What is said.</param>
    /// <param name="rate">Samples a second of the result.</param>
    internal float[] Speak(string voice, int wordsPerMinute, int pitch, string sentence, int rate)
    {
        string path = Path.Combine(work, $"{Interlocked.Increment(ref spoken)}.wav");
        Run("-v", voice, "-s", $"{wordsPerMinute}", "-p", $"{pitch}", "-w", path, sentence);
        AudioClip clip = AudioFile.Read(path);
        File.Delete(path);
        float[] speech = new Resampler(clip.SampleRate, rate).Resample(clip.Mono(ChannelPolicy.Refuse));
        int pause = rate / 50,
            first = Array.FindIndex(speech, s => MathF.Abs(s) > Audible),
            last = Array.FindLastIndex(speech, s => MathF.Abs(s) > Audible);
        return speech[Math.Max(0, first - pause)..Math.Min(speech.Length, last + pause)];
    }

    private static string Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("espeak-ng", arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"espeak-ng {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
