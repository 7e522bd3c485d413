namespace SpeechGan.Runs;

/// <summary>Work on files, whose failure becomes a sentence.</summary>
internal static class StorageGuard
{
    /// <summary>Does it.</summary>
    /// <param name="doing">What is done, as it follows "Cannot".</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="RunFolderException">Storage failed.</exception>
    public static T Run<T>(string doing, string path, Func<T> work) => Run(work, e => RunFolderException.From(e, doing, path));

    /// <inheritdoc cref="Run{T}(string, string, Func{T})"/>
    public static void Run(string doing, string path, Action work) =>
        Run(
            () =>
            {
                work();
                return true;
            },
            e => RunFolderException.From(e, doing, path)
        );

    /// <summary>Does it, with a sentence of the caller's own.</summary>
    /// <param name="work">The work.</param>
    /// <param name="explained">Makes of a storage failure what is thrown instead.</param>
    public static T Run<T>(Func<T> work, Func<Exception, Exception> explained)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw explained(e);
        }
    }
}
