using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Bisect;

/// <summary>Results of trials by what decides them (commit's content, judge, host, attempt): a file each, written aside and renamed, so
/// that a kill at any instant leaves it whole or absent.</summary>
public sealed class TrialCache
{
    private readonly string folder;
    private readonly IRunStorage storage;

    /// <summary>The cache of a folder, made if need be.</summary>
    /// <param name="folder">Folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    public TrialCache(string folder, IRunStorage? storage = null)
    {
        this.folder = Path.GetFullPath(folder);
        this.storage = storage ?? DiskStorage.Instance;
        Directory.CreateDirectory(this.folder);
    }

    /// <summary>A kept result; null where there is none, or its file is damaged.</summary>
    public TrialResult? Find(string key)
    {
        var path = PathOf(key);
        try
        {
            return
                storage.FileExists(path)
                && JsonSerializer.Deserialize<Entry>(storage.Read(path), RunJson.Document) is { } entry
                && entry.Key == key
                ? entry.Result with
                {
                    FromCache = true,
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a result.</summary>
    public void Keep(string key, TrialResult result) =>
        storage.Publish(PathOf(key), JsonSerializer.Serialize(new Entry(key, result), RunJson.Document));

    private string PathOf(string key) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32] + ".json");

    private sealed record Entry(string Key, TrialResult Result);
}
