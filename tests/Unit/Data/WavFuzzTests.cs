using System.Buffers.Binary;
using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>
/// Mutated WAV and AIFF files are read or refused in a sentence; nothing else happens, and memory stays in proportion to the file.
/// <c>SPEECHGAN_FUZZ=20000</c> (tools/fuzz-wav) runs more; <c>SPEECHGAN_FUZZ_SEED</c> another seed.
/// </summary>
public sealed class WavFuzzTests
{
    private static readonly uint[] words =
    [
        0,
        1,
        2,
        3,
        4,
        7,
        15,
        16,
        17,
        18,
        24,
        32,
        39,
        40,
        64,
        0x7F,
        0x80,
        0xFF,
        0x100,
        0x7FFF,
        0x8000,
        0xFFFE,
        0xFFFF,
        0x10000,
        16_000,
        44_100,
        0x7FFFF000,
        0x7FFFFFFF,
        0x80000000,
        0xFFFFFFF0,
        0xFFFFFFFE,
        0xFFFFFFFF,
    ];

    private static readonly byte[][] chunks =
    [
        WavBytes.Chunk("LIST", [1, 2, 3]),
        WavBytes.Chunk("data", []),
        WavBytes.Chunk("data", [1]),
        WavBytes.Chunk("fmt ", new byte[16]),
        WavBytes.Chunk("fmt ", new byte[3]),
        WavBytes.Chunk("fact", [255, 255, 255, 255]),
        WavBytes.Chunk("RIFF", []),
    ];

    internal static byte[] Original(Random random, int frames = 200)
    {
        bool isFloat = random.Next(3) == 0;
        int bits = isFloat ? 32 << random.Next(2) : 8 * random.Next(1, 5),
            channels = random.Next(1, 4);
        var data = new byte[random.Next(0, frames) * channels * bits / 8];
        random.NextBytes(data);
        return new WavBytes
        {
            Code = isFloat ? 3 : 1,
            Bits = bits,
            Channels = channels,
            Extensible = random.Next(3) == 0,
            Data = data,
            BeforeFormat = random.Next(4) == 0 ? chunks[0] : [],
            BeforeData = random.Next(4) == 0 ? chunks[5] : [],
            Behind = random.Next(4) == 0 ? chunks[0] : [],
        }.ToArray();
    }

    internal static byte[] OriginalAiff(Random random)
    {
        int bits = 8 * random.Next(1, 5),
            channels = random.Next(1, 4);
        var data = new byte[random.Next(0, 200) * channels * bits / 8];
        random.NextBytes(data);
        return new AiffBytes
        {
            Bits = bits,
            Channels = channels,
            Data = data,
            Compression = random.Next(3) switch
            {
                0 => "NONE",
                1 => "sowt",
                _ => null,
            },
            Skipped = random.Next(4) == 0 ? [1, 2, 3, 4] : [],
            Before = random.Next(4) == 0 ? AiffBytes.Chunk("NAME", [1, 2, 3]) : [],
        }.ToArray();
    }

    internal static byte[] Mutate(byte[] bytes, Random random)
    {
        switch (random.Next(7))
        {
            case 0: // a header word becomes a telling number
                int word = random.Next(0, Math.Max(1, Math.Min(bytes.Length - 4, 110))) & ~1;
                if (word + 4 <= bytes.Length)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(word), words[random.Next(words.Length)]);
                return bytes;
            case 1: // a header half word does
                int half = random.Next(0, Math.Max(1, Math.Min(bytes.Length - 2, 80))) & ~1;
                if (half + 2 <= bytes.Length)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(half), (ushort)words[random.Next(words.Length)]);
                return bytes;
            case 2: // bits flip
                for (int i = random.Next(1, 8); i > 0 && bytes.Length > 0; i--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 3: // the end is missing
                return bytes[..random.Next(bytes.Length + 1)];
            case 4: // a chunk comes between
                int at = Math.Min(bytes.Length, 12 + (2 * random.Next(0, 40)));
                return [.. bytes[..at], .. chunks[random.Next(chunks.Length)], .. bytes[at..]];
            case 5: // a part is missing
                int from = random.Next(bytes.Length + 1),
                    to = random.Next(from, bytes.Length + 1);
                return [.. bytes[..from], .. bytes[to..]];
            default: // a part comes twice
                int start = random.Next(bytes.Length + 1),
                    end = random.Next(start, bytes.Length + 1);
                return [.. bytes[..end], .. bytes[start..]];
        }
    }

    [TestCase("fuzz.wav")]
    [TestCase("fuzz.aiff")]
    public void Mutated_files_are_read_or_refused_in_a_sentence(string name)
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000");
        int seed = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ_SEED") ?? "1");
        TestContext.Out.WriteLine($"{count} files, seed {seed}");
        int read = 0;
        var sentences = new HashSet<string>();
        for (int i = 0; i < count; i++)
        {
            var random = new Random(HashCode(seed, i));
            byte[] bytes = name == "fuzz.wav" ? Original(random) : OriginalAiff(random);
            for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
                bytes = Mutate(bytes, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AudioClip clip = WavFile.Read(new MemoryStream(bytes), name);
                clip.Frames.Should().BeLessThanOrEqualTo(bytes.Length, $"file {i} of seed {seed}");
                WavFile
                    .ReadInfo(new MemoryStream(bytes), name)
                    .Should()
                    .Be(new AudioInfo(clip.SampleRate, clip.Channels, clip.Frames) { Note = clip.Note });
                read++;
            }
            catch (AudioFileException refusal)
            {
                refusal.Message.Should().StartWith(name + " ").And.EndWith(".", $"file {i} of seed {seed}");
                sentences.Add(string.Concat(refusal.Message.Where(c => !char.IsDigit(c))));
            }
            catch (Exception error)
            {
                Assert.Fail($"file {i} of seed {seed} ({Convert.ToHexString(bytes)}): {error}");
            }
            // Samples take up to four times the file's bytes, the library a block of bytes; a refusal's stack trace and the assertions take
            // the rest.
            (GC.GetAllocatedBytesForCurrentThread() - before)
                .Should()
                .BeLessThan(1 << 20, $"file {i} of seed {seed} has {bytes.Length} bytes");
        }
        TestContext.Out.WriteLine($"{read} read, {count - read} refused in {sentences.Count} different sentences");
        read.Should().BeInRange(count / 20, count * 19 / 20, "a fuzzer that only meets one outcome tests nothing");
        sentences.Count.Should().BeGreaterThan(10);
    }

    private static int HashCode(int seed, int i) => (int)CounterRandom.Bits(seed, 0, 0, i);
}
