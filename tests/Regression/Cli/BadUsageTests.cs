using System.Buffers.Binary;
using SpeechGan.Data;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>What the program says, and with which exit code, to input that it cannot use: the process itself, as a user starts
/// it.</summary>
internal sealed class BadUsageTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void SetUp() => place = new Workplace(train: 4, valid: 1, test: 1);

    [OneTimeTearDown]
    public void TearDown() => place.Dispose();

    [TestCase("trian", "Unrecognized command or argument 'trian'")]
    [TestCase("train --data {corpus}", "Option '--out' is required.")]
    [TestCase("train --data {root}/nowhere --out {root}/r", "does not exist. Name the folder that holds the corpus.")]
    [TestCase("train --data {root}/empty --out {root}/r", "has no folder train/.")]
    [TestCase(
        "train --data {corpus} --out {root}/r --preset tinny",
        "There is no preset 'tinny'; known are cmgan, upstream, small, tiny. Did you mean 'tiny'?"
    )]
    [TestCase(
        "train --data {corpus} --out {root}/r --set data.batchsize=3",
        "there is no option 'data.batchsize'. Did you mean 'data.batchSize'?"
    )]
    [TestCase("train --data {corpus} --out {root}/r --set data.trainCutSeconds=0.2", "PESQ can never score a shorter cut")]
    [TestCase("train --data {corpus} --out {root}/r --preset tiny --set data.batchSize=9", "fewer than one batch of 9")]
    [TestCase("train --data {corpus} --out {root}/no/r --preset tiny", "its parent '{root}/no' does not exist")]
    [TestCase("train --data {corpus} --out {root}/r --resume", "it has no run.json")]
    [TestCase("train --data {corpus} --out {root}/r --resume --preset tiny", "it has no run.json")]
    [TestCase("report", "Required argument 'RUN' missing for command: 'report'.")]
    [TestCase("report {root}/nowhere", "There is no run in '{root}/nowhere': it has no run.json.")]
    [TestCase("report {corpus}", "There is no run in '{corpus}': it has no run.json.")]
    [TestCase("report {root}/nowhere --utterances 101", "--utterances is 101; allowed is 0 to 100.")]
    [TestCase("train --data {orphan} --out {root}/r --preset tiny", "files without a partner: 1 in clean/ alone")]
    [TestCase(
        "train --data {stereo} --out {root}/r --preset tiny",
        "has 2 channels, and one is needed. Say which to take with --set data.channel=first"
    )]
    [TestCase("train --data {truncated} --out {root}/r --preset tiny", "is truncated: its \"data\" chunk promises")]
    [TestCase("train --data {text} --out {root}/r --preset tiny", "is not a WAV file: it begins with \"hell\"")]
    [TestCase("train --data {nan} --out {root}/r-nan --preset tiny", "its sample 100 is NaN")]
    [TestCase("train --data {unequal} --out {root}/r --preset tiny", "samples")]
    [TestCase("evaluate --checkpoint {root}/nothing --data {corpus}", "There is nothing at '{root}/nothing'.")]
    [TestCase(
        "evaluate --checkpoint {corpus}/train/clean/tr01-white-20dB.wav --data {corpus}",
        "It is not a safetensors file, or is damaged."
    )]
    [TestCase("enhance --checkpoint {root}/nothing {root}/nowhere.wav {root}/o.wav", "There is no file or folder '{root}/nowhere.wav'.")]
    [TestCase("audit --data {root}/nowhere", "does not exist. Name the folder that holds the corpus.")]
    [TestCase("audit --data {root}/empty", "has none of the folders train/, valid/ and test/, nor clean/ and noisy/.")]
    [TestCase("audit --data {corpus} --workers 0", "--workers is 0; allowed is 1 and more pairs read at once.")]
    [TestCase("diagnose {root}/nowhere", "There is no run in '{root}/nowhere': it has no run.json.")]
    [TestCase("diagnose {root}/nowhere --fail-on maybe", "Argument 'maybe' not recognized.")]
    [TestCase("diagnose {root}/nowhere --probe-seeds 5", "--probe-seeds says what to replay, and nothing is replayed without --probe.")]
    [TestCase("diagnose {root}/nowhere --probe --probe-seeds x", "Cannot parse argument 'x' for option '--probe-seeds' as a whole number.")]
    [TestCase("report {root}/nowhere --data {root}/gone", "--data '{root}/gone' is not an existing folder.")]
    [TestCase("bisect commits --good a", "See `speechgan bisect commits --help`.")]
    [TestCase(
        "bisect commits --good a --bad b --time-limit -1 -- true",
        "--time-limit is -1; allowed is above 0 and up to 604800 seconds (a week)."
    )]
    [TestCase(
        "bisect commits --good a --bad b --most-trials 0 -- true",
        "--most-trials is 0; allowed is 3 and more: both ends are tried first."
    )]
    [TestCase("bisect data --run {root}/nowhere --epochs 2 2", "--epochs names epoch 2 twice")]
    [TestCase("train --data {corpus} --out {root}/r --stop-on maybe", "Argument 'maybe' not recognized.")]
    [TestCase("compress", "Required argument 'RUN' missing for command: 'compress'.")]
    [TestCase("compress {root}/nowhere", "There is no run in '{root}/nowhere': it has no run.json. Give the folder that was --out of")]
    [TestCase("compress {corpus} --undo", "There is no run in '{corpus}': it has no run.json.")]
    public async Task Bad_input_gets_a_sentence_and_exit_code_2(string command, string sentence)
    {
        using var child = Child.Start(null, 0, null, command.Split(' ').Select(Fill));
        var (code, output, error) = await child.EndAsync();
        error.Should().Contain(Fill(sentence));
        error.Should().NotContain("   at ", "a stack trace is no sentence");
        code.Should().Be(2, "standard output was: {0}", output);
    }

    // A million checkpoints of the full-size network are some 22 TB: more than a disk has.
    [Test]
    public async Task A_training_that_no_disk_has_room_for_is_refused_with_exit_code_3_before_its_folder_is_made()
    {
        var run = Path.Combine(place.Root, "too-large");
        using var child = Child.Start(
            null,
            0,
            null,
            [
                "train",
                "--data",
                place.Corpus,
                "--out",
                run,
                "--preset",
                "cmgan",
                "--set",
                "data.batchSize=2",
                "--set",
                "train.epochs=1000000",
                "--set",
                "checkpoint.keep=1000000",
            ]
        );
        var (code, output, error) = await child.EndAsync();
        error
            .Should()
            .MatchRegex(
                $"The disk of '{System.Text.RegularExpressions.Regex.Escape(run)}' has [0-9.]+ [MG]iB free, and the run will take about "
                    + @"[0-9.]+ GiB \(a checkpoint [0-9.]+ [KM]iB, [0-9]+ kept at most; the record [0-9.]+ GiB\)\. "
                    + "Free some space, keep fewer checkpoints"
            );
        error.Should().Contain("or start anyway with --no-disk-check.").And.NotContain("   at ", "a stack trace is no sentence");
        code.Should().Be(3, "standard output was: {0}", output);
        Directory.Exists(run).Should().BeFalse();
    }

    private string Fill(string text) =>
        text.Replace("{root}", place.Root, StringComparison.Ordinal)
            .Replace("{corpus}", place.Corpus, StringComparison.Ordinal)
            .Replace("{orphan}", Spoiled("orphan", f => File.Delete(f)), StringComparison.Ordinal)
            .Replace(
                "{stereo}",
                Spoiled("stereo", f => WavFile.WritePcm16(f, new float[32_000], 16_000, channels: 2)),
                StringComparison.Ordinal
            )
            .Replace(
                "{truncated}",
                Spoiled("truncated", f => File.WriteAllBytes(f, File.ReadAllBytes(f)[..20_000])),
                StringComparison.Ordinal
            )
            .Replace("{text}", Spoiled("text", f => File.WriteAllText(f, "hello, this is a text")), StringComparison.Ordinal)
            .Replace("{nan}", Spoiled("nan", f => File.WriteAllBytes(f, WithNaN(WavFile.Read(f).Frames))), StringComparison.Ordinal)
            .Replace("{unequal}", Spoiled("unequal", f => WavFile.WritePcm16(f, new float[9_000], 16_000)), StringComparison.Ordinal);

    /// <summary>A copy of the corpus in which one noisy training file is spoiled; made once.</summary>
    private string Spoiled(string name, Action<string> spoil)
    {
        Directory.CreateDirectory(Path.Combine(place.Root, "empty"));
        var copy = Path.Combine(place.Root, name);
        if (Directory.Exists(copy))
            return copy;
        foreach (var file in Directory.GetFiles(place.Corpus, "*.wav", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(place.Corpus, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        spoil(Directory.GetFiles(Path.Combine(copy, "train", "noisy")).Order(StringComparer.Ordinal).First());
        return copy;
    }

    /// <summary>A float WAV whose hundredth sample is not a number.</summary>
    private static byte[] WithNaN(int frames)
    {
        var bytes = new byte[44 + (4 * frames)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 3);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), 16_000);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 64_000);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 4);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 32);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 4 * frames);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(44 + 400), float.NaN);
        return bytes;
    }
}
