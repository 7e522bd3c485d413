namespace TorchSharp;

/// <summary>
/// Owns what is created while it is the thread's innermost scope and frees it at the end; survivors are moved out
/// explicitly. Scopes nest per thread.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? innermost;

    private readonly HashSet<IDisposable> owned = new(ReferenceEqualityComparer.Instance);
    private DisposeScope? outer;
    private bool closed;

    internal DisposeScope() => (outer, innermost) = (innermost, this);

    internal static DisposeScope? Innermost => innermost;

    public IReadOnlyList<IDisposable> DisposablesView => [.. owned];
    public int DisposablesCount => owned.Count;

    public bool Contains(IDisposable disposable) => owned.Contains(disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Move(disposable, outer);
        return disposable;
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var d in disposables)
            Move(d, outer);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Move(disposable, null);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var d in disposables)
            Move(d, null);
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        var doomed = owned.Where(d => !keep.Contains(d)).ToArray();
        foreach (var d in doomed)
            d.Dispose();
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        owned.Remove(disposable);
        if (disposable is torch.Tensor t)
            t.Scope = null;
    }

    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        DisposeEverything();
        if (innermost == this)
            innermost = outer;
        else
            for (var s = innermost; s is not null; s = s.outer)
                if (s.outer == this)
                    s.outer = outer;
    }

    internal void Own(torch.Tensor t)
    {
        owned.Add(t);
        t.Scope = this;
    }

    private static void Move(IDisposable disposable, DisposeScope? to)
    {
        if (disposable is not torch.Tensor t)
            return;
        t.Scope?.owned.Remove(t);
        t.Scope = null;
        to?.Own(t);
    }
}

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => new();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
