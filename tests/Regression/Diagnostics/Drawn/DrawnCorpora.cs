using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>The corpora that drawn runs train on, made once in a folder: those of tools/make-corpus by seed, and real speech where it is
/// there.</summary>
/// <param name="root">Folder that they are made in.</param>
internal sealed class DrawnCorpora(string root)
{
    private const int PieceSamples = 20_000; // 1.25 s: longer than any drawn cut
    private static readonly string Sample = Repository.PathOf("..", "shared", "voicebank-sample");

    /// <summary>Training pairs of real speech; 0: there is none.</summary>
    public int RealPairs => HasReal ? Directory.GetFiles(Path.Combine(Folder(DrawnRun.Real), "train", "clean")).Length : 0;

    private static bool HasReal => Directory.Exists(Path.Combine(Sample, "clean"));

    /// <summary>A corpus, made where it is not there yet.</summary>
    public string Folder(string name)
    {
        if (name == "1")
            return GoldenPlace.Open().Corpus;
        var folder = Path.Combine(root, name);
        if (Directory.Exists(folder))
            return folder;
        var aside = $"{folder}.{Environment.ProcessId}";
        if (name == DrawnRun.Real)
            Split(aside);
        else
            Make(aside, name);
        try
        {
            Directory.Move(aside, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(aside, recursive: true); // another process was first
        }
        return folder;
    }

    private static void Make(string folder, string seed)
    {
        var start = new ProcessStartInfo(Repository.PathOf("tools", "make-corpus"), [folder, seed]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"tools/make-corpus could not make the corpus of seed {seed} (exit code {process.ExitCode}); its own words are above."
            );
    }

    // Eight pairs of two talkers: five to train on, cut into pieces, two to validate, one to test.
    private static void Split(string folder)
    {
        string[] names =
        [
            .. Directory.GetFiles(Path.Combine(Sample, "clean"), "*.wav").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal),
        ];
        for (var i = 0; i < names.Length; i++)
        {
            var part = (i % 4) switch
            {
                3 => i < 4 ? "valid" : "test",
                2 when i >= 4 => "valid",
                _ => "train",
            };
            foreach (var side in new[] { "clean", "noisy" })
            {
                var to = Directory.CreateDirectory(Path.Combine(folder, part, side)).FullName;
                var samples = AudioFile.Read(Path.Combine(Sample, side, names[i])).Mono(ChannelPolicy.Refuse);
                var pieces = part == "train" ? Math.Max(1, samples.Length / PieceSamples) : 1;
                for (var p = 0; p < pieces; p++)
                    WavFile.WritePcm16(
                        Path.Combine(to, $"{Path.GetFileNameWithoutExtension(names[i])}-{p}.wav"),
                        samples.AsSpan((p * samples.Length / pieces)..((p + 1) * samples.Length / pieces)),
                        RunConfig.SampleRate
                    );
            }
        }
    }
}
