using System.Runtime.InteropServices;

namespace SpeechGan.CorpusMaker;

/// <summary>Where a pair's files lie, and how they come there: each written aside and renamed, so that a killed run leaves whole files
/// and at most a few leftovers (<c>*.part</c>) that the next one replaces.</summary>
/// <param name="root">The corpus' folder.</param>
internal sealed class PairFiles(string root)
{
    /// <summary>Makes the folders.</summary>
    internal void MakeFolders(IEnumerable<PlannedPair> pairs)
    {
        foreach (string part in pairs.Select(p => p.Part).Distinct())
        foreach (string side in new[] { "clean", "noisy" })
            Directory.CreateDirectory(Path.Combine(root, part, side));
    }

    /// <summary>Whether both sides are there with the size that they must have.</summary>
    internal bool Has(PlannedPair pair) => IsWhole(pair, "clean") && IsWhole(pair, "noisy");

    /// <summary>Writes both sides. Not flushed to the disk file by file: 25,000 flushes would take longer than the corpus, and a file
    /// that a power cut emptied has another size and is made again.</summary>
    internal void Write(PlannedPair pair, short[] clean, short[] noisy)
    {
        Write(PathOf(pair, "clean"), clean);
        Write(PathOf(pair, "noisy"), noisy);
    }

    private bool IsWhole(PlannedPair pair, string side) =>
        new FileInfo(PathOf(pair, side)) is { Exists: true } file && file.Length == pair.FileBytes;

    private string PathOf(PlannedPair pair, string side) => Path.Combine(root, pair.Part, side, pair.Name + ".wav");

    private static void Write(string path, short[] samples)
    {
        string aside = path + ".part";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write))
        using (var writer = new BinaryWriter(stream))
        {
            int bytes = 2 * samples.Length;
            writer.Write("RIFF"u8);
            writer.Write(36 + bytes);
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1); // PCM
            writer.Write((short)1); // channels
            writer.Write(FullSizePlan.Rate);
            writer.Write(2 * FullSizePlan.Rate);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(bytes);
            writer.Flush();
            stream.Write(MemoryMarshal.AsBytes<short>(samples)); // every platform of .NET 10 is little-endian
        }
        File.Move(aside, path, overwrite: true);
    }
}
