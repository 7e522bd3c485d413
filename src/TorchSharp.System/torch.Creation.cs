using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Op
        ZerosOp = new("zeros"), OnesOp = new("ones"), EmptyOp = new("empty", "memory_format"), FullOp = new("full"), EyeOp = new("eye"),
        ArangeOp = new("arange", "start_step"), LinspaceOp = new("linspace"), RandOp = new("rand"), RandnOp = new("randn"),
        RandintOp = new("randint", "low"), RandpermOp = new("randperm"), ZerosLikeOp = new("zeros_like"), OnesLikeOp = new("ones_like"),
        EmptyLikeOp = new("empty_like"), FullLikeOp = new("full_like"), RandLikeOp = new("rand_like"), RandnLikeOp = new("randn_like"),
        ComplexOp = new("complex"), PolarOp = new("polar");

    private static ScalarType defaultType = ScalarType.Float32;

    public static void set_default_dtype(ScalarType dtype) => defaultType = dtype;
    public static ScalarType get_default_dtype() => defaultType;

    private static Tensor Made(Tensor t, bool requires_grad)
    {
        if (requires_grad)
            t.requires_grad = true;
        return t;
    }

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(ZerosOp.Call(size, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([size], dtype, device, requires_grad);
    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([rows, columns], dtype, device, requires_grad);
    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        zeros([dim0, dim1, dim2], dtype, device, requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(OnesOp.Call(size, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([size], dtype, device, requires_grad);
    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ones([rows, columns], dtype, device, requires_grad);

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(EmptyOp.Call(size, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty([size], dtype, device, requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(FullOp.Call(size, value, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        full([size], value, dtype, device, requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        if (columns < 0 || columns == rows)
            return Made(EyeOp.Call(rows, dtype ?? defaultType, default, device), requires_grad);
        return Made(EyeRect.Call(rows, columns, dtype ?? defaultType, default, device), requires_grad);
    }
    private static readonly Op EyeRect = new("eye", "m");

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(ArangeOp.Call(start, stop, step, dtype, default, device), requires_grad);
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(LinspaceOp.Call(start, end, steps, dtype ?? defaultType, default, device), requires_grad);

    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(RandOp.Call(size, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([size], dtype, device, requires_grad);
    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([rows, columns], dtype, device, requires_grad);
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(RandnOp.Call(size, dtype ?? defaultType, default, device), requires_grad);
    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([size], dtype, device, requires_grad);
    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([rows, columns], dtype, device, requires_grad);
    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2], dtype, device, requires_grad);
    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn([dim0, dim1, dim2, dim3], dtype, device, requires_grad);
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(RandintOp.Call(low, high, size, dtype ?? ScalarType.Int64, default, device), requires_grad);
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        RandpermOp.Call(n, dtype ?? ScalarType.Int64, default, device);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(ZerosLikeOp.Call(input, dtype, default, device), requires_grad);
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(OnesLikeOp.Call(input, dtype, default, device), requires_grad);
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(EmptyLikeOp.Call(input, dtype, default, device), requires_grad);
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(FullLikeOp.Call(input, value, dtype, default, device), requires_grad);
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(RandLikeOp.Call(input, dtype, default, device), requires_grad);
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(RandnLikeOp.Call(input, dtype, default, device), requires_grad);

    public static Tensor complex(Tensor real, Tensor imag) => ComplexOp.Call(real, imag);
    public static Tensor polar(Tensor abs, Tensor angle) => PolarOp.Call(abs, angle);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(FullOp.Call(Array.Empty<long>(), (Scalar)scalar, dtype ?? ScalarType.Bool, default, device), requires_grad);
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        Made(FullOp.Call(Array.Empty<long>(), (Scalar)scalar, ScalarType.Int32, default, device), requires_grad);
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(FullOp.Call(Array.Empty<long>(), (Scalar)scalar, dtype ?? ScalarType.Int64, default, device), requires_grad);
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        Made(FullOp.Call(Array.Empty<long>(), (Scalar)scalar, ScalarType.Float32, default, device), requires_grad);
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(FullOp.Call(Array.Empty<long>(), (Scalar)scalar, dtype ?? ScalarType.Float64, default, device), requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(dataArray, ScalarType.Int64, dimensions, dtype, device, requires_grad);
    public static Tensor tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(rawArray, ScalarType.Int64, [rawArray.Length], dtype, device, requires_grad);
    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(rawArray, ScalarType.Float32, dimensions, dtype, device, requires_grad);
    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(rawArray, ScalarType.Float32, [rawArray.Length], dtype, device, requires_grad);
    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(rawArray, ScalarType.Float64, dimensions, dtype, device, requires_grad);
    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        From(rawArray, ScalarType.Float64, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>Copies an array into a new tensor (libtorch owns the memory).</summary>
    private static Tensor From<T>(T[] values, ScalarType type, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        long n = 1;
        foreach (var d in dimensions)
            n *= d;
        if (n != values.Length)
            throw new ArgumentException($"{values.Length} values do not fill the shape [{string.Join(", ", dimensions.ToArray())}].", nameof(values));
        var t = empty(dimensions.ToArray(), type);
        t.bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if ((dtype ?? type) == type && (device is null || device.type == DeviceType.CPU))
            return Made(t, requires_grad);
        using (t)
            return Made(t.to(dtype ?? type, device ?? CPU), requires_grad);
    }
}
