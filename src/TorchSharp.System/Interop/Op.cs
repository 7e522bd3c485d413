using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>
/// One operator, found by name at its first call: ATen's, or another library's where the name says which (`library::name`). Arguments left out at the end take the schema's defaults, which
/// hides what differs between libtorch's versions.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private const int MostResults = 16;
    private nint handle;

    private nint Handle
    {
        get
        {
            if (handle == 0)
            {
                Native.Check(Native.sg_op(Qualified, overload, out var found), Name);
                handle = found;
            }
            return handle;
        }
    }

    private string Qualified => name.Contains("::", StringComparison.Ordinal) ? name : "aten::" + name;

    private string Name => overload.Length == 0 ? Qualified : $"{Qualified}.{overload}";

    /// <summary>Calls an operator with one tensor as its result.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return new torch.Tensor((nint)result.Bits);
    }

    /// <summary>Calls an operator for its effect; its results, if any, are dropped.</summary>
    internal void Run(params ReadOnlySpan<Arg> args)
    {
        Value result;
        var n = Invoke(args, &result, 1);
        if (n == 1 && result.Kind == ValueKind.Tensor && result.Bits != 0)
            Native.sg_free((nint)result.Bits);
    }

    /// <summary>Calls an operator with several tensors, or a list of them, as its result.</summary>
    internal torch.Tensor[] Many(params ReadOnlySpan<Arg> args) => Many(MostResults, args);

    /// <summary>The same, where there may be more than a few: at most <paramref name="most"/>.</summary>
    internal torch.Tensor[] Many(long most, params ReadOnlySpan<Arg> args)
    {
        var room = new Value[Math.Max(most, MostResults)];
        fixed (Value* results = room)
        {
            var tensors = new torch.Tensor[Invoke(args, results, room.Length)];
            for (var k = 0; k < tensors.Length; k++)
                tensors[k] = new torch.Tensor((nint)results[k].Bits);
            return tensors;
        }
    }

    /// <summary>Calls an operator with one number or truth value as its result.</summary>
    internal double Number(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return result.Kind == ValueKind.Float ? BitConverter.Int64BitsToDouble(result.Bits) : result.Bits;
    }

    private int Invoke(ReadOnlySpan<Arg> args, Value* results, int capacity)
    {
        Value* values = stackalloc Value[args.Length];
        var words = 0;
        foreach (ref readonly var a in args)
            words += a.Value.Kind is ValueKind.Ints or ValueKind.Tensors ? a.Value.Count : 0;
        long* pool = stackalloc long[words];
        GCHandle text = default;
        for (var k = 0; k < args.Length; k++)
        {
            values[k] = args[k].Value;
            switch (args[k].Owner)
            {
                case long[] ints:
                    values[k].Bits = (long)pool;
                    foreach (var i in ints)
                        *pool++ = i;
                    break;
                case torch.Tensor[] tensors:
                    values[k].Bits = (long)pool;
                    foreach (var t in tensors)
                        *pool++ = t.Handle;
                    break;
                case byte[] bytes:
                    text = GCHandle.Alloc(bytes, GCHandleType.Pinned);
                    values[k].Bits = text.AddrOfPinnedObject();
                    break;
            }
        }
        try
        {
            Native.Check(Native.sg_call(Handle, values, args.Length, results, capacity, out var count), Name);
            return count;
        }
        finally
        {
            if (text.IsAllocated)
                text.Free();
            foreach (ref readonly var a in args)
                GC.KeepAlive(a.Owner);
        }
    }
}
