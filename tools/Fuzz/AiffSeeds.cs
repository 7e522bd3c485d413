using SpeechGan.Data;

namespace SpeechGan.Tools.Fuzz;

/// <summary>AIFF files as the product itself writes them, and one of AIFC.</summary>
internal static class AiffSeeds
{
    public static IEnumerable<byte[]> All()
    {
        string folder = Directory.CreateTempSubdirectory("speechgan-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, "a.aiff");
            WavFile.WritePcm16(path, [.. Enumerable.Range(0, 60).Select(i => i / 64f)], 16_000, 2);
            byte[] plain = File.ReadAllBytes(path);
            // COMM of AIFC is longer by the name of its compression.
            byte[] sowt = [.. plain[..8], .. "AIFC"u8, .. plain[12..16], 0, 0, 0, 24, .. plain[20..38], .. "sowt\0\0"u8, .. plain[38..]];
            return [plain, sowt];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
