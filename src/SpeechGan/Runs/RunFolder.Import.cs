using System.Text;
using System.Text.Json;

namespace SpeechGan.Runs;

// A run that was trained elsewhere: written once, whole, and never continued.
public sealed partial class RunFolder
{
    /// <summary>Writes an imported run: its records, and <c>run.json</c> last. It has no <c>config.json</c>, since another trainer's
    /// settings are not ours.</summary>
    /// <param name="path">Folder; its parent must exist. It may exist if it is empty.</param>
    /// <param name="run">The record; its <see cref="RunInfo.Import"/> says where it came from.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <returns>Full path of the folder.</returns>
    /// <exception cref="RunFolderException">A run lies there already, another process holds it, or the place cannot be written.</exception>
    public static string WriteImported(string path, RunRecord run, IRunStorage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Info.Import is null)
            throw new ArgumentException("The record is of a run of this program.", nameof(run));

        storage ??= DiskStorage.Instance;
        var root = FullPath(path);
        return StorageGuard.Run("write the imported run", root, () =>
        {
            MakePlace(storage, root);
            using var held = RunLock.Take(root);
            RefuseUsed(storage, root, "Choose another folder with --out");
            Lines(StepsName, run.Steps);
            Lines(EpochsName, run.Epochs);
            Lines(EvaluationsName, run.Evaluations);
            storage.Publish(Path.Combine(root, InfoName), JsonSerializer.Serialize(run.Info, RunJson.Document) + "\n");
            return root;
        });

        void Lines<T>(string name, IReadOnlyList<T> records)
        {
            if (records.Count > 0)
                storage.Publish(Path.Combine(root, name), Encoding.UTF8.GetString(JsonLines.Encode(records)));
        }
    }
}
