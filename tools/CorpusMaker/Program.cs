using System.Security.Cryptography;
using System.Text;
using SpeechGan.CorpusMaker;
using SpeechGan.Data;
using SpeechGan.Dsp;

// CorpusMaker OUT [SEED]: writes the bundled corpus (seed 1) or another one of its form into OUT. Everything follows from the seed,
// Script.cs, DrawnScript.cs, Noise.cs and the version of espeak-ng.
// CorpusMaker full OUT ...: a corpus of the size of VoiceBank+DEMAND (FullSize/FullSizeVerb.cs).
if (args is ["full", ..])
    return FullSizeVerb.Run(args[1..]);
int seed = 1;
if (args.Length is 0 or > 2 || (args.Length == 2 && (!int.TryParse(args[1], out seed) || seed < 1)))
{
    Console.Error.WriteLine("usage: CorpusMaker OUT [SEED]   (SEED: a whole number from 1; 1 is the bundled corpus)");
    return 2;
}
const int rate = 16_000;
string output = args[0],
    work = Directory.CreateTempSubdirectory("speechgan-corpus-").FullName;
var espeak = new Espeak(work);
var readme = new StringBuilder();
try
{
    float[][] talkers = [.. Script.Babble.Select(b => Speak(b.Voice, 160, 50, b.Sentence))];
    foreach (float[] talker in talkers)
        Signal.Scale(talker, -26);
    var noise = new Noise(talkers);
    var counts = new Dictionary<string, int>();
    readme
        .AppendLine("| file | seconds | voice | words/min, pitch | noise | SNR dB | sentence |")
        .AppendLine("|---|---|---|---|---|---|---|");
    foreach (Item item in seed == 1 ? Script.Items : DrawnScript.Items(seed))
    {
        int number = counts[item.Part] = counts.GetValueOrDefault(item.Part) + 1;
        string name = $"{item.Part[..2]}{number:d2}-{item.Noise}-{item.Decibels}dB";
        float[] clean = Speak(item.Voice, item.WordsPerMinute, item.Pitch, item.Sentence);
        // Test scores come from centre cuts of 4 s, which must not repeat the clip.
        if (item.Part == "test" && clean.Length < 4 * rate)
            throw new InvalidOperationException($"{name} lasts {clean.Length / (double)rate:f2} s; let it be spoken more slowly.");
        // From -29 to -23 dB of full scale, so that a model meets different levels.
        Signal.Scale(clean, -29 + (6 * CounterRandom.Double(1, CounterRandom.Stream(Named(name)), 1, 0)));
        for (int i = 0; i < clean.Length; i++)
            clean[i] = MathF.Round(clean[i] * 32768f) / 32768f;
        Write(
            item.Part,
            name,
            clean,
            Signal.Mix(clean, noise.Make(item.Noise, Named(name), clean.Length), Signal.Level(clean) - item.Decibels)
        );
        readme.AppendLine(
            $"| {item.Part}/{name} | {clean.Length / (double)rate:f2} | {item.Voice} | {item.WordsPerMinute}, {item.Pitch} | "
                + $"{item.Noise} | {item.Decibels} | {item.Sentence} |"
        );
    }
    for (int i = 0; i < Script.Silent.Length; i++)
    {
        string kind = Script.Silent[i],
            name = $"si{i + 1:d2}-{kind}";
        var clean = new float[18_000];
        double level = -50 + (14 * CounterRandom.Double(1, CounterRandom.Stream(Named(name)), 1, 0));
        Write("silent", name, clean, Signal.Mix(clean, noise.Make(kind, Named(name), clean.Length), level));
        readme.AppendLine(
            $"| silent/{name} | {clean.Length / (double)rate:f2} | none | | {kind} | | (clean side digitally silent, noise at "
                + $"{level:f1} dB of full scale) |"
        );
    }
    WriteReadme(readme.ToString());
    WriteSums();
    return 0;
}
finally
{
    Directory.Delete(work, recursive: true);
}

// Realisations follow from the name; another seed has others.
string Named(string name) => seed == 1 ? name : $"{seed}/{name}";

float[] Speak(string voice, int wordsPerMinute, int pitch, string sentence) => espeak.Speak(voice, wordsPerMinute, pitch, sentence, rate);

void Write(string part, string name, float[] clean, float[] noisy)
{
    foreach (var (side, samples) in new[] { ("clean", clean), ("noisy", noisy) })
    {
        string path = Path.Combine(output, part, side, name + ".wav");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (WavFile.WritePcm16(path, samples, rate) > 0)
            throw new InvalidOperationException($"{path} would clip: lower the level.");
    }
}

void WriteReadme(string table) =>
    File.WriteAllText(
        Path.Combine(output, "README.md"),
        $"""
        # {(seed == 1 ? "The bundled corpus" : $"A corpus like the bundled one, of seed {seed}")}

        Synthetic speech and noise, 16 kHz, 16-bit, mono: small enough to live in the repository, real enough to train on in minutes.
        Parts `train`, `valid` and `test` have the layout that `docs/data.md` describes; `silent` holds pairs whose clean side is digitally
        silent, to be mixed into training with `data.mixIn=silent` and `data.mixInShare`.

        * Made by: `tools/make-corpus{(
            seed == 1 ? "" : $" OUT {seed}"
        )}` (which runs `tools/CorpusMaker`), espeak-ng version: {Espeak.Version}.
          The same version gives the same bytes; `SHA256SUMS` holds them (`cd golden/corpus && sha256sum -c SHA256SUMS`).
        * Sentences: our own. Noise: made in `tools/CorpusMaker/Noise.cs`; babble is made of six other espeak-ng voices and sentences.
        * `valid` and `test` have voices and sentences that `train` has not, and the same kinds of noise in other realisations.
        * Clean speech lies between -29 and -23 dB of full scale (RMS of the whole clip); the SNR is that of the whole clip.

        {table}
        """.ReplaceLineEndings(
            "\n"
        ).TrimEnd() + "\n"
    );

void WriteSums()
{
    string[] files =
    [
        .. Directory
            .GetFiles(output, "*.wav", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(output, f))
            .Order(StringComparer.Ordinal),
    ];
    File.WriteAllText(
        Path.Combine(output, "SHA256SUMS"),
        string.Concat(files.Select(f => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(output, f))))}  {f}\n"))
    );
    long bytes = files.Sum(f => new FileInfo(Path.Combine(output, f)).Length);
    Console.WriteLine($"{files.Length} files, {bytes / 1e6:f2} MB in {output}");
}
